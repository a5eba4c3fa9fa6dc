// Tells the app where its server is. Without it the app looks below the address of the screen first, where nothing is.
window.__streamlit = { ...window.__streamlit, BACKEND_BASE_URL: new URL("/", location.href).href };
