## Roles

role-owner = Owner
role-member = Member
role-staff = Staff
role-finance = Finance
role-administrator = Administrator
role-can-owner = reserves, cancels, gives notice, manages the tenant's users
role-can-member = reserves and cancels
role-can-staff = runs the site: racks, assignment, leases, readings
role-can-finance = plans, charges, billing runs, payments, exports; reads everything
role-can-administrator = users, the operator's details, and everything else

## Signing in

sign-in-title = Sign in
sign-in-forgotten = Forgot your password?
sign-in-no-account = No account yet? Your administrator, or your company's owner of the account, sends you an invitation.
done-signed-out = You are signed out.
done-password-set = The password is set. Sign in with it.
forgotten-title = New password
forgotten-lead = Enter the e-mail of your account: we send a link that sets a new password.
forgotten-send = Send the link
reset-sent-title = Check your mail
reset-sent-lead = If there is an account for { $email }, a link is on its way. It works once, within an hour. Nothing there? Look into the spam folder.
invitation-title = Welcome
invitation-lead = choose a password and your account is ready.
reset-title = New password
reset-lead = choose a new password. You will be signed out everywhere else.
link-dead-title = This link no longer works
link-dead-invitation = It was used, has expired, or a newer one was sent. If you have set a password already, sign in; else ask whoever invited you for a new link.
link-dead-reset = It was used, has expired, or a newer one was sent. Ask for a new one.

## The reader's own profile

profile-self = About you
profile-account = Account
profile-password = Password
profile-password-note = You stay signed in here and are signed out everywhere else.
profile-password-change = Change password
done-profile-saved = Your profile is saved.
done-password-changed = Your password is changed; other sessions are closed.

## Users

users-search = E-mail, name or tenant
users-crumbs = You are here
users-state-active = Active
users-state-invited = Invited
users-state-inactive = Deactivated
user-email = E-mail
user-name = Name
user-role = Role
user-tenant = Tenant
user-tenant-hint = Only for owners and members; the operator's people have none.
user-state = State
user-since = Since
user-signed-in = Last signed in
user-locale = Language
user-locale-hint = Of the pages and of mails.
user-password = Password
user-password-current = Current password
user-password-new = New password
user-password-again = New password once more
user-password-hint =
    { $shortest ->
        [one] At least { $shortest } character.
       *[other] At least { $shortest } characters. A few random words are easy to remember and hard to guess.
    }
user-password-set = Set password
user-invite = Invite a user
user-invite-title = Invite a user
user-invite-lead = A link for setting the password goes to the e-mail; it works for seven days.
user-invite-send = Send the invitation
user-invite-again = Send the invitation again
user-role-set = Change role
user-deactivate = Deactivate
user-deactivate-title = Deactivate a user
user-deactivate-lead = { $name } is signed out at once everywhere and cannot sign in any more. What was done under this name stays; you can let the user in again later.
user-reactivate = Let in again
done-invited = The invitation is on its way.
done-role-set = The role is changed.
done-user-deactivated = The user is deactivated and signed out everywhere.
done-user-reactivated = The user may sign in again.

## Tenants

tenants-search = Name, INN or e-mail
tenants-none = No tenants yet
tenants-none-text = A tenant reserves capacity, has leases and gets invoices. Add the first one, then invite its owner.
tenant-add = Add a tenant
tenant-new = New tenant
tenant-edit = Tenant: change details
tenant-name = Name
tenant-name-hint = As it stands on invoices.
tenant-kind = Kind
tenant-kind-company = Company
tenant-kind-sole_trader = Sole trader
tenant-kind-person = Person
tenant-details = Details
tenant-legal = Registration and bank
tenant-contacts = Contacts
tenant-compliance = Register of miners
tenant-inn = INN (tax number)
tenant-inn-hint = 10 digits for a company, 12 for a sole trader or a person.
tenant-kpp = KPP
tenant-kpp-hint = Companies only.
tenant-ogrn = OGRN
tenant-ogrnip = OGRNIP
tenant-ogrn-any = OGRN or OGRNIP
tenant-ogrn-hint = 13 digits for a company, 15 for a sole trader.
tenant-address = Address
tenant-bank = Bank details
tenant-email = E-mail
tenant-email-hint = Invoices go there, unless a lease names another address.
tenant-phone = Phone
tenant-contact = Contact person
tenant-locale = Language
tenant-locale-hint = Of invoices and mails.
tenant-registry = Number in the register
tenant-registry-hint = Of the state's register of persons who mine digital currency.
tenant-registry-date = Date of the entry
tenant-no-registry = not in the register of miners
tenant-since = Added
tenant-no-users = Nobody of this tenant can sign in yet. Invite its owner.
done-tenant-saved = The tenant is saved.

## The operator

operator-lead = These details stand on every new invoice. Issued invoices keep what they were issued with.
operator-legal-name = Full legal name
operator-short-name = Short name
operator-rules = Rules
operator-country = Country
operator-country-hint = Two letters, such as RU. It decides VAT rates and how registration numbers are checked.
operator-zone = Time zone
operator-zone-hint = Invoice dates and numbers follow the local date there.
operator-locale = Language
operator-vat = Pays VAT
operator-vat-hint = Without it invoices carry no VAT.
operator-bank = Bank
operator-bank-name = Bank's name
operator-bic = BIC
operator-account = Account
operator-corr-account = Correspondent account
operator-signatures = Signatures
operator-director = Director
operator-accountant = Chief accountant
done-operator-saved = The operator's details are saved.

## The outbox

outbox-search = Address or subject
outbox-none = No mails yet
outbox-none-text = Invitations, password resets and invoices appear here as soon as they are written.
outbox-written = Written
outbox-to = To
outbox-subject = Subject
outbox-kind = Kind
outbox-kind-invitation = Invitation
outbox-kind-reset = Password reset
outbox-kind-invoice = Invoice
outbox-state-waiting = Waiting
outbox-state-sent = Sent
outbox-state-failed = Not sent
outbox-again-at = again { $at }
outbox-sent = Sent
outbox-next = Next try
outbox-attempts = Tries
outbox-invoice = Attached
outbox-invoice-open = the invoice
outbox-error = The last try failed:
outbox-text = Text
outbox-delivery = Delivery
outbox-retry = Try now
done-mail-queued = The mail is next in line.

## The trail

trail-lead = Every change: who, when, what was before and after. Rows are never changed; each seals the one before it.
trail-search = Id
trail-chain = Chain
trail-chain-operator = The operator's matters
trail-none = Nothing has happened yet
trail-none-text = The first change appears here.
trail-at = When
trail-who = Who
trail-house = The system
trail-action = What
trail-noun = Of what
trail-changes = Fields
trail-fields =
    { $count ->
        [one] { $count } field
       *[other] { $count } fields
    }
trail-of-row = History
trail-action-create = created
trail-action-update = changed
trail-action-remove = removed
trail-action-assign = racks assigned
trail-action-cancel = cancelled
trail-action-close = closed
trail-action-estimate = gap filled with an estimate
trail-action-import = imported
trail-action-issue = issued
trail-action-notice = notice given
trail-action-pay = payment recorded
trail-action-record = recorded
trail-action-request = left as a request
trail-action-reserve = reserved
trail-action-retry = to be sent again
trail-action-sign = signed
trail-action-accept_invitation = invitation accepted
trail-action-request_reset = password reset asked for
trail-action-reset_password = password reset
trail-action-set_password = password set
trail-action-change_password = password changed
trail-action-change_profile = profile changed
trail-action-set_role = role changed
trail-action-deactivate = deactivated
trail-action-reactivate = let in again
trail-action-invite_again = invited again
trail-noun-billing_run = Billing run
trail-noun-charge = Charge
trail-noun-hall = Hall
trail-noun-import = Import
trail-noun-invoice = Invoice
trail-noun-lease = Lease
trail-noun-lease_event = Event
trail-noun-mail = Mail
trail-noun-meter = Meter
trail-noun-model = Machine model
trail-noun-node = Power node
trail-noun-operator = Operator
trail-noun-outage = Outage
trail-noun-payment = Payment
trail-noun-plan = Plan
trail-noun-plan_version = Plan version
trail-noun-rack = Rack
trail-noun-reading = Reading
trail-noun-request = Request
trail-noun-reservation = Reservation
trail-noun-restriction = Restriction
trail-noun-row = Row
trail-noun-site = Site
trail-noun-tenant = Tenant
trail-noun-user = User
trail-noun-vat_rate = VAT rate

## What is wrong with a field

identity-required = Fill in this field.
identity-too-long =
    { $longest ->
        [one] At most { $longest } character.
       *[other] At most { $longest } characters.
    }
identity-choose = Choose a value from the list.
identity-email-form = Enter an address in Latin letters, such as name@example.com.
identity-email-taken = Somebody has an account with this address already.
identity-country-form = Two Latin letters, such as RU.
identity-zone-unknown = There is no such time zone; an example is Europe/Moscow.
identity-inn-company = A company's INN has 10 digits, and the last one must fit the others. Check the number.
identity-inn-person = The INN of a sole trader or a person has 12 digits, and the last two must fit the others. Check the number.
identity-kpp-form = A KPP has 9 characters, such as 773601001.
identity-kpp-company-only = Only companies have a KPP: leave it empty.
identity-ogrn-form = An OGRN has 13 digits, and the last one must fit the others. Check the number.
identity-ogrnip-form = An OGRNIP has 15 digits, and the last one must fit the others. Check the number.
identity-ogrn-no-person = A person has no OGRN: leave it empty.
identity-bic-form = A BIC has 9 digits.
identity-account-key = The account has 20 digits and does not fit the bank's BIC. Check both.
identity-registry-number = Give the number of the entry as well.
identity-registry-date = Give the date of the entry as well.
identity-role-needs-tenant = Owners and members belong to a tenant: choose it.
identity-role-no-tenant = The operator's people belong to no tenant: leave it empty, or choose owner or member.
identity-role-other-side = A tenant's user stays with the tenant, the operator's people stay the operator's. Invite a new user instead.
identity-password-short = At least { $shortest } characters, please.
identity-password-long = At most { $longest } characters, please.
identity-password-is-email = The password must not be your e-mail.
identity-password-common = This is one of the passwords that are guessed first. Choose another one.
identity-password-wrong = This is not your current password.
identity-password-again = The two passwords differ. Type the same one twice.

## What was refused

identity-sign-in-wrong = E-mail or password is wrong. Check both; after five failures one has to wait.
identity-sign-in-wait =
    { $minutes ->
        [one] Too many attempts. Wait { $minutes } minute and try again.
       *[other] Too many attempts. Wait { $minutes } minutes and try again.
    }
identity-link-dead = This link was used, has expired, or a newer one was sent.
identity-not-invited = This user has set a password already, or is deactivated: there is nothing to invite to.
identity-not-yourself = You cannot deactivate yourself. Ask another administrator or owner.
identity-last-administrator = This is the last administrator: nobody could let anybody in. Make somebody else administrator first.
identity-last-owner = This is the tenant's last owner. Make somebody else owner first.
identity-mail-sent-already = This mail has been sent already.
identity-form-in-progress = This form was submitted before and is still being worked on. Look at the list before you send it again.
identity-job-lost = Another process has taken this job over.
