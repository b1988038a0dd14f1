/** Of what makes messages late: why nothing is promised meanwhile. */
export const tooLate = 'messages are later than the timeouts and allowances reckon with';
