// Cookies
