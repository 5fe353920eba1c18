package dev.ringmaster.lb.balance;

import dev.ringmaster.lb.replica.Replica;

/** A policy that wants to know how long answers take. */
interface ResponseTimed extends BalancingPolicy {
    /** The head of a final response came; on the loop that the policy belongs to. */
    void answered(Replica replica, int status, long nanos);
}
