const languages = ['en', 'de', 'pl', 'fr', 'es'];
let table = {};
let plurals;

/// The language in use, as a tag for `Intl`: with the region of the wish, where it has one (`en-us`).
export let locale = 'en';

/// Takes the language of a tag such as `en-us` or `pl`; English for one we do not have.
export async function useLanguage(tag) {
  const [wish] = String(tag ?? '').toLowerCase().split(/[-_]/);
  const language = languages.includes(wish) ? wish : 'en';
  locale = language;
  try {
    if (language === wish) [locale] = Intl.getCanonicalLocales(tag.replace('_', '-'));
  } catch { /* a tag that is none: the bare language does */ }
  table = (await import(`./words-${language}.js`)).default;
  plurals = new Intl.PluralRules(language);
  document.documentElement.lang = language;
}

/// The text of a key with `{name}`s filled in; where it has plural forms, `count` chooses.
export function t(key, values = {}) {
  let text = table[key] ?? key;
  if (typeof text === 'object') text = text[plurals.select(values.count)] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    if (value == null) return whole;
    return typeof value === 'number' ? value.toLocaleString(locale) : value;
  });
}

export const has = (key) => key in table;
