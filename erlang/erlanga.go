package erlang

func sizeA(l Load, t Target) (int, Status)         { panic("") }
func fractionalA(l Load, t Target, n int) float64  { panic("") }
func evaluateA(l Load, n float64, t Target) Result { panic("") }
