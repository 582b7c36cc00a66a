/* Borrowing with the phone: the field is empty again once a book is lent, so that the next one can be scanned. */

document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  const field = detail.successful && target.querySelector?.("[name=code]");
  if (field) field.value = "";
});
