NAME small
ROWS
 N obj
 L c1
 G c2
COLUMNS
    m1 'MARKER' 'INTORG'
    x obj 3 c1 1
    y obj 2 c1 1
    y c2 1
    m2 'MARKER' 'INTEND'
RHS
    rhs c1 4 c2 1
RANGES
    r c2 2
BOUNDS
 UP b x 3
 BV b y
ENDATA
