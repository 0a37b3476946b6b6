// The chosen logo travels with the form, as base64.
const form = document.getElementById('organisation');
const file = document.getElementById('o-logo');
const hint = document.getElementById('o-logo-hint');
const wrong = file.closest('.field');
const usual = hint.textContent;

file.addEventListener('change', async () => {
  const [chosen] = file.files;
  form.elements.logo.value = '';
  const large = chosen && chosen.size > file.dataset.most;
  wrong.classList.toggle('wrong', large);
  hint.textContent = large ? file.dataset.large : usual;
  file.setCustomValidity(large ? file.dataset.large : '');
  if (!chosen || large) return;
  const reader = new FileReader();
  reader.onload = () => { form.elements.logo.value = reader.result.split(',')[1]; };
  reader.readAsDataURL(chosen);
});
