## Invoice: document, lines, sums

doc-invoice = Invoice
doc-title = Invoice No.{"\u00A0"}{ $number } of { $date }
doc-total = Total
doc-page = Page { $page } of { $pages }
doc-footer = Invoice No. { $number } of { $date }

doc-bank-of-payee = Payee’s bank
doc-payee = Payee
doc-bic = BIC
doc-account = Account
doc-inn = INN
doc-kpp = KPP
doc-ogrn = OGRN
doc-ogrn-person = OGRNIP
doc-registry = register
doc-supplier = Supplier
doc-customer = Customer
doc-basis = For
doc-basis-text = Lease No. { $lease }, { $site }, { $month }
doc-pay-by = Pay by

doc-column-no = No.
doc-column-description = Description
doc-column-quantity = Quantity
doc-column-unit = Unit
doc-column-price = Price
doc-column-net = Amount

doc-since = price since { $date }
doc-line-energy = Electricity, { $since }
doc-line-energy-zone = Electricity, zone “{ $zone }”, { $since }
doc-line-shortfall = Shortfall to the take-or-pay minimum, { $since }
doc-line-capacity = Capacity { $kw } kW, { $days } of { $of } { $of ->
        [one] day
       *[other] days
    }, price per kW and month
doc-line-losses = , with losses ×{"\u00A0"}{ $factor }
doc-line-rack-rent = Rack rent, { $since }, price per rack and month
doc-line-sla-credit = Credit of { $credit } for availability of { $availability }
doc-unit-kw-month = kW-months
doc-unit-rack-month = rack-months

doc-net = Net
doc-vat = VAT{"\u00A0"}{ $rate }
doc-no-vat = No VAT
doc-payable = Total to pay, { $sign }
doc-vat-phrase = including VAT{"\u00A0"}{ $rate } of { $vat }
doc-no-vat-phrase = not subject to VAT
doc-summary = { $count ->
        [one] { $count } item
       *[other] { $count } items
    }, { $total } in total
doc-purpose-label = Payment reference
doc-purpose = Payment of invoice No. { $number } of { $date }, lease No. { $lease }, { $vat }
doc-estimated = Estimated, not metered: { $energy }, or { $share } of the energy.
doc-director = Director
doc-accountant = Chief accountant
