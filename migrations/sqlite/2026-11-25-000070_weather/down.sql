DROP TABLE zone_designs;
DROP TABLE design_months;
DROP TABLE site_climates;
