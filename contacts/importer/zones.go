package importer

import (
	"strings"
	"time"
)

// ZoneName returns the IANA name of a time zone from the names that desks use
// (those of Ruby on Rails, as in Zendesk exports) or "" when it is not known.
func ZoneName(s string) string {
	s = strings.TrimSpace(s)
	if i := strings.Index(s, ") "); strings.HasPrefix(s, "(GMT") && i > 0 {
		s = s[i+2:]
	}
	switch s {
	case "":
		return ""
	case "Pacific Time (US & Canada)", "Tijuana":
		return "America/Los_Angeles"
	case "Arizona":
		return "America/Phoenix"
	case "Mountain Time (US & Canada)":
		return "America/Denver"
	case "Central Time (US & Canada)", "Central America":
		if s == "Central America" {
			return "America/Guatemala"
		}
		return "America/Chicago"
	case "Eastern Time (US & Canada)":
		return "America/New_York"
	case "Indiana (East)":
		return "America/Indiana/Indianapolis"
	case "Atlantic Time (Canada)":
		return "America/Halifax"
	case "Newfoundland":
		return "America/St_Johns"
	case "Alaska":
		return "America/Juneau"
	case "Hawaii":
		return "Pacific/Honolulu"
	case "Mexico City", "Guadalajara":
		return "America/Mexico_City"
	case "Bogota", "Lima", "Quito":
		return "America/Bogota"
	case "Buenos Aires":
		return "America/Argentina/Buenos_Aires"
	case "Brasilia":
		return "America/Sao_Paulo"
	case "London", "Edinburgh":
		return "Europe/London"
	case "Dublin":
		return "Europe/Dublin"
	case "Lisbon":
		return "Europe/Lisbon"
	case "Casablanca":
		return "Africa/Casablanca"
	case "UTC", "Etc/UTC", "GMT", "Monrovia":
		return "UTC"
	case "Amsterdam", "Brussels", "Paris", "Copenhagen", "Berlin", "Bern", "Zurich", "Madrid", "Rome", "Stockholm", "Vienna", "Prague",
		"Budapest", "Warsaw", "Ljubljana", "Sarajevo", "Skopje", "Zagreb", "Bratislava", "Belgrade", "Athens", "Helsinki", "Istanbul",
		"Kyiv", "Riga", "Sofia", "Tallinn", "Vilnius", "Moscow", "Bucharest", "Minsk":
		if s == "Bern" {
			return "Europe/Zurich"
		}
		return "Europe/" + s
	case "West Central Africa":
		return "Africa/Algiers"
	case "Cairo", "Harare", "Nairobi":
		return "Africa/" + s
	case "Pretoria":
		return "Africa/Johannesburg"
	case "Jerusalem", "Baghdad", "Tehran", "Baku", "Kabul", "Karachi", "Kathmandu", "Dhaka", "Jakarta", "Singapore", "Taipei", "Seoul",
		"Tokyo", "Kolkata", "Riyadh", "Tbilisi", "Yerevan", "Bangkok", "Kuwait":
		return "Asia/" + s
	case "Abu Dhabi", "Muscat":
		return "Asia/Muscat"
	case "Chennai", "Mumbai", "New Delhi":
		return "Asia/Kolkata"
	case "Beijing", "Chongqing":
		return "Asia/Shanghai"
	case "Hong Kong":
		return "Asia/Hong_Kong"
	case "Kuala Lumpur":
		return "Asia/Kuala_Lumpur"
	case "Osaka", "Sapporo":
		return "Asia/Tokyo"
	case "Hanoi":
		return "Asia/Bangkok"
	case "Perth", "Adelaide", "Darwin", "Brisbane", "Melbourne", "Sydney", "Hobart":
		return "Australia/" + s
	case "Canberra":
		return "Australia/Melbourne"
	case "Auckland", "Wellington":
		return "Pacific/Auckland"
	}
	if _, err := time.LoadLocation(s); err == nil {
		return s
	}
	return ""
}
