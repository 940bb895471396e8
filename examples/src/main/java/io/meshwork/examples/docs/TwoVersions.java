package io.meshwork.examples.docs;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.notNull;

import io.meshwork.contract.Compatibility;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ContractDifference;
import java.util.Optional;

/** The differences of two contracts, and the modes under which one can follow the other. */
public final class TwoVersions {
  private TwoVersions() {}

  /** The first version. */
  static final class First {
    private First() {}

    record Order(long id, int quantity, Optional<String> status) {}
  }

  /** The next version. */
  static final class Second {
    private Second() {}

    record Order(long id, long quantity, Optional<String> status) {}
  }

  /** Prints the changelog, then the modes. */
  public static void main(String[] arguments) {
    // tag::difference[]
    Contract first = Contract.of(First.Order.class).require(between("quantity", 1, 100));
    Contract second =
        Contract.of(Second.Order.class)
            .require(between("quantity", 1, 50), notNull("status"))
            .description("Orders of the shop");

    System.out.println(first.differenceTo(second));
    // end::difference[]
    // tag::modes[]
    ContractDifference difference = first.differenceTo(second);

    System.out.println(Compatibility.FULL_TRANSITIVE.allows(difference)); // false
    System.out.println(Compatibility.BACKWARD.allows(difference)); // true
    // end::modes[]
  }
}
