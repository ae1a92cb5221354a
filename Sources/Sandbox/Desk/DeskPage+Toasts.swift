extension DeskPage {
    /// What apps have popped up; each as text, for the desk knows no Markdown.
    static let toasts = #"""
        const kinds = ['info', 'success', 'error'];
        const usual = 7;

        /// Pops a message of an app up, in place of the one that it has given the same id.
        ///
        /// One that asks for a time-out of 0 stays until it is closed.
        export function toast(app, { title, message, type, id, timeout, showCloseButton }) {
          const key = `${app} ${id ?? ''}`;
          const place = document.getElementById('toasts');
          [...place.children].find((it) => it.dataset.key === key)?.remove();
          const made = document.createElement('div');
          made.className = `toast ${kinds.includes(type) ? type : 'info'}`;
          made.dataset.key = key;
          const heading = document.createElement('strong');
          heading.textContent = String(title ?? '');
          const text = document.createElement('p');
          text.textContent = String(message ?? '');
          made.append(heading, text);
          const seconds = Number(timeout ?? usual);
          if (showCloseButton || !(seconds > 0)) {
            const close = document.createElement('button');
            close.type = 'button';
            close.textContent = 'Close';
            close.onclick = () => made.remove();
            made.append(close);
          }
          if (seconds > 0) setTimeout(() => made.remove(), seconds * 1000);
          place.append(made);
        }

        """#
}
