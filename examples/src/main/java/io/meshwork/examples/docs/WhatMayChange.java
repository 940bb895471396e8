package io.meshwork.examples.docs;

import static io.meshwork.contract.Rule.atMost;
import static io.meshwork.contract.Rule.unique;

import io.meshwork.contract.Contract;
import java.time.Duration;

/** Four changes of a contract, and the version that each requires. */
public final class WhatMayChange {
  private WhatMayChange() {}

  /** Prints a verdict for each change. */
  public static void main(String[] arguments) {
    Contract orders = FromProposalToContract.rules();
    // tag::changes[]
    Contract described = orders.describeColumn("zip", "Where it is delivered");
    Contract tighter = orders.require(atMost("amount", 10_000).id("amount-at-most"));
    Contract sooner = orders.noticePeriod(Duration.ofDays(7));
    Contract looser = Contract.of(orders.schema()).require(unique("order_id"));

    System.out.println(orders.differenceTo(described).verdict());
    System.out.println(orders.differenceTo(tighter).verdict());
    System.out.println(orders.differenceTo(sooner).verdict());
    System.out.println(orders.differenceTo(looser).verdict());
    // end::changes[]
  }
}
