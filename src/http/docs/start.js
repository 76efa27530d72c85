// Runs in the browser: shows the document in Swagger UI, in the colours that the browser asks for.
const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();

SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  // Else the document would be shown to a validator on the internet.
  validatorUrl: 'none',
});
