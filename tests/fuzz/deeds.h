#pragma once
// What is done with a file that may be broken: all that the program would do with it.

#include <string>

namespace shapewise::fuzz {

/// Opens it as a model, infers, counts, finds mistakes, tries repairs, runs where that is little work, writes it in
/// each format and reads that again. Ends the process (abort) where a law is broken, such as that what was written
/// opens.
void useAsModel(std::string bytes);
/// Opens it as data of a node and runs that.
void useAsData(const std::string& path);

}  // namespace shapewise::fuzz
