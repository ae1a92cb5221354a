/// What the page was opened with. Nothing of it is trusted: it says what to ask for, not what may be seen.
///
/// Each value goes by today's name of Genesys' token, by its older one and by ours (client-app-sdk,
/// "URL interpolation").
const names = {
  conversationId: ['conversationId', 'gcConversationId', 'pcConversationId'],
  hostOrigin: ['gcHostOrigin', 'hostOrigin'],
  environment: ['gcTargetEnv', 'pcEnvironment'],
  lang: ['lang', 'gcLangTag', 'pcLangTag', 'langTag'],
  popup: ['popup', 'gcUsePopupAuth', 'pcUsePopupAuth', 'usePopupAuth'],
};
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function readAddress(search) {
  const query = new URLSearchParams(search);
  const value = (name) => {
    for (const key of names[name]) {
      const text = query.get(key)?.trim();
      // A token that the host did not fill in.
      if (text && !text.startsWith('{{')) return text;
    }
    return null;
  };
  // With the name but without a value it is no supervisor's app but a widget set up wrongly.
  const asked = names.conversationId.some((key) => query.has(key));
  const id = value('conversationId');
  return {
    asked, conversation: id && uuid.test(id) ? id.toLowerCase() : null,
    hostOrigin: value('hostOrigin'), environment: value('environment'),
    lang: value('lang') ?? navigator.language, popup: value('popup') === 'true',
    // Set by the bridge behind a login in this frame: without a session now, another one would not help.
    returned: query.has('returned'),
  };
}
