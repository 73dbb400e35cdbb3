problem-back = Go back
problem-home = Home page
problem-request = Request id:

problem-not-found-title = Page not found
problem-not-found-text = There is nothing at this address, or the record is not yours to see. Check the link or start from the home page.
problem-forbidden-title = No access
problem-forbidden-text = You do not have the right to do this. If you need it, ask your administrator.
problem-bad-request-title = Request not understood
problem-bad-request-text = Something in the request is missing or not written as expected. Go back and try again.
problem-conflict-title = Changed meanwhile
problem-conflict-text = The record changed while you were working. Open it again and repeat the action.
problem-too-large-title = File too large
problem-too-large-text = The file is larger than allowed. Split it and upload the parts one after another. No data was changed.
problem-too-many-title = Too many attempts
problem-too-many-text = Wait a minute and try again.
problem-internal-title = Something broke
problem-internal-text = The error is on our side and has been logged. Try again; if that does not help, give the request id to your administrator.
