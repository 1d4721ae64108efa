/** What the sample job ads are made of. Names of firms are invented; places, currencies and languages are real. */
export interface Office {
  readonly city: string;
  readonly country: string;
  readonly state: string;
  readonly currency: string;
  readonly language: string;
}

export const offices: readonly Office[] = [
  { city: 'München', country: 'DE', state: 'Bayern', currency: 'EUR', language: 'de' },
  { city: 'Zürich', country: 'CH', state: 'ZH', currency: 'CHF', language: 'de' },
  { city: 'London', country: 'GB', state: '', currency: 'GBP', language: 'en' },
  { city: 'Łódź', country: 'PL', state: 'łódzkie', currency: 'PLN', language: 'pl' },
  { city: 'São Paulo', country: 'BR', state: 'SP', currency: 'BRL', language: 'pt' },
  { city: '東京', country: 'JP', state: '東京都', currency: 'JPY', language: 'ja' },
  { city: 'Αθήνα', country: 'GR', state: '', currency: 'EUR', language: 'el' },
  { city: 'Київ', country: 'UA', state: '', currency: 'UAH', language: 'uk' },
  { city: 'Austin', country: 'US', state: 'TX', currency: 'USD', language: 'en' },
  { city: 'القاهرة', country: 'EG', state: '', currency: 'EGP', language: 'ar' },
];

export interface Role {
  readonly title: string;
  readonly category: string;
  readonly salary: number;
  readonly skills: readonly string[];
}

export const roles: readonly Role[] = [
  {
    title: 'Registered Nurse',
    category: 'Healthcare & Care',
    salary: 42,
    skills: ['Triage', 'Night shifts', 'Wound care'],
  },
  { title: 'C++ Engineer <embedded>', category: 'IT & Software', salary: 78, skills: ['C++20', 'RTOS', 'Git'] },
  { title: 'Head Chef', category: 'Catering & Hotel', salary: 46, skills: ['HACCP', 'Menu design'] },
  { title: 'HGV Driver', category: 'Logistics & Transport', salary: 39, skills: ['Category C+E', 'Tachograph'] },
  { title: 'Data Analyst', category: 'IT & Software', salary: 61, skills: ['SQL', 'R', 'Dashboards'] },
  { title: 'Kundenberater:in', category: 'Sales / Retail', salary: 37, skills: ['Deutsch C1', 'CRM'] },
  {
    title: 'Bilingual Support Agent (日本語)',
    category: 'Customer Service',
    salary: 34,
    skills: ['日本語 N2', 'Ticketing'],
  },
  { title: 'Site Manager', category: 'Construction', salary: 58, skills: ['SMSTS', 'Planning', 'Budgets'] },
];

export const companies: readonly string[] = [
  'Nordlicht Pflege GmbH',
  'Smith & Daughters Ltd',
  'Açaí Foods S.A.',
  '株式会社みらい',
  'Tide & Timber Logistics',
  'Ёлка Software',
  'O’Brien Construction',
  'Café Größenwahn',
];

export const duties: readonly string[] = [
  'You plan the week with your team and keep to it.',
  'You talk to clients by phone, chat & e-mail.',
  'You keep records that others can rely on.',
  'You train new colleagues; patience > speed.',
  'You bring ideas, and the will to see them through — even on Mondays.',
  'Du arbeitest im Schichtdienst (früh/spät) und übernimmst Verantwortung.',
  'お客様とのやり取りを日本語と英語で行います。',
  'Remote work is possible up to 3 days/week 🚀',
];
