// A passkey that was refused, cancelled or not found is said on the page, not in a console.
(function () {
  document.addEventListener('allauth.error', function (event) {
    event.preventDefault()
    document.getElementById('passkey-not-used').hidden = false
  })
})()
