#include "qupel/cli/app.h"

int main(int argc, char** argv) { return qupel::cli::main({argv, argv + argc}); }
