// Runs in the browser: shows the document in Swagger UI, in the colours that the browser asks for.
const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();

/** Swagger UI leaves its introduction outside of any landmark, and skips a level of headings. */
const mendOutline = () => {
  const introduction = document.querySelector('.information-container');
  introduction?.setAttribute('role', 'region');
  introduction?.setAttribute('aria-label', 'About this API');
  for (const heading of document.querySelectorAll('h3.opblock-tag, .models > h4'))
    heading.setAttribute('aria-level', '2');
};

/** Else the links stand inside of buttons, where no keyboard gets to them. The address says what is open all the same. */
const withoutNestedLinks = {
  wrapComponents: {
    DeepLink:
      (Original, { React }) =>
      (props) =>
        React.createElement(Original, { ...props, enabled: false }),
  },
};

SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  plugins: [() => withoutNestedLinks],
  onComplete: mendOutline,
  // Else the document would be shown to a validator on the internet.
  validatorUrl: 'none',
});
