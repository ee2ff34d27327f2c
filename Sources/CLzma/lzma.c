// A target needs a source; all of this one is in the header.
#include "CLzma.h"
