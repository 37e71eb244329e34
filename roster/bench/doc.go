// Package bench reads, solves and checks public staff-rostering problems: the
// staff-scheduling text format of Curtois and Qu, with cover per day and shift.
//
// Parse reads an instance, Solve finds a roster and a lower bound of the
// objective, Check goes over a finished roster from the definitions alone and
// shares no code with the search.
//
// The objective is the sum of the weights of requests not granted (shift on)
// or broken (shift off) and, per row of cover, of the shortage times the weight
// under or the surplus times the weight over. All rules are hard.
//
// Source: T. Curtois, R. Qu, "Computational results on new staff scheduling
// benchmark instances", University of Nottingham, 2014.
package bench
