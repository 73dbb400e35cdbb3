site-description = Innkeeper: capacity, metering and billing of a mining hotel
skip-to-content = Skip to content
nav-label = Sections

## The tenant's sections

nav-home = Overview
nav-capacity = Capacity
nav-leases = Leases
nav-machines = Machines
nav-usage = Usage
nav-invoices = Invoices
nav-users = Users

## The site's sections

nav-shift = Shift
nav-racks = Racks
nav-halls = Halls
nav-power = Power
nav-cooling = Cooling
nav-requests = Requests
nav-reservations = Reservations
nav-outages = Outages
nav-events = Events
nav-meters = Meters
nav-readings = Readings
nav-models = Models

## The sections of finance

nav-month = Month
nav-runs = Billing runs
nav-payments = Payments
nav-plans = Plans
nav-ledger = Ledger
nav-exports = Exports
nav-charges = Charges

## The administrator's sections

nav-tenants = Tenants
nav-operator = Operator
nav-outbox = Mail
nav-trail = History
nav-sites = Sites
nav-settings = Settings

## Menus of sections

nav-booking = Bookings
nav-metering = Metering
nav-place = Site
nav-money = Money
nav-more = More
nav-replan = Re-plan
nav-restrictions = Regional restrictions
nav-corrections = Corrected readings
nav-vat = VAT

## The user's menu

user-menu = User menu: { $name }
user-profile = Profile
language = Language
language-switch = Переключить на русский
theme = Theme
theme-auto = System
theme-light = Light
theme-dark = Dark
sign-out = Sign out
sign-in = Sign in
