/** Stands in a command for the id of the brokers' security group: whoever knows the cluster's ARN puts in how to find it. */
export const BROKERS_GROUP = 'BROKERS_GROUP';
