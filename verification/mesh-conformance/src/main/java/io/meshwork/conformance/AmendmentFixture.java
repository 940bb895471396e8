package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Orders with the columns of later contract versions. */
abstract class AmendmentFixture extends MeshFixture {
  /** Orders with an additional column. */
  static final class More {
    private More() {}

    record Order(
        long id,
        String customer,
        @Column(precision = 10, scale = 2) BigDecimal amount,
        Optional<String> note,
        Optional<Integer> quantity) {}
  }

  /**
   * Orders whose additional column has a wider type, which readers of the narrower type cannot
   * read.
   */
  static final class Wide {
    private Wide() {}

    record Order(
        long id,
        String customer,
        @Column(precision = 10, scale = 2) BigDecimal amount,
        Optional<String> note,
        Optional<Long> quantity) {}
  }

  /** Wide orders with an additional column. */
  static final class WideAndMore {
    private WideAndMore() {}

    record Order(
        long id,
        String customer,
        @Column(precision = 10, scale = 2) BigDecimal amount,
        Optional<String> note,
        Optional<Long> quantity,
        Optional<String> channel) {}
  }

  /** Orders without one of the columns, which breaks its readers. */
  static final class Less {
    private Less() {}

    record Order(
        long id, @Column(precision = 10, scale = 2) BigDecimal amount, Optional<String> note) {}
  }

  /** The columns that the first consumer reads. */
  record Customers(String customer) {}

  /** The columns that the second consumer reads. */
  record Ids(long id) {}

  static final Contract FIRST = Contract.of(Order.class);

  static final Contract MORE = Contract.of(More.Order.class);

  static final Contract LESS = Contract.of(Less.Order.class);

  final <R> Subscription<R> subscribe(MeshClient finance, String name, Class<R> type) {
    return finance.subscribe(ORDERS).named(name).purpose("Revenue").as(type).commit();
  }

  /**
   * Returns an amendment that runs an action at the given call and then returns the next contract.
   */
  static UnaryOperator<Contract> onceMeanwhile(int when, Runnable happens, Contract next) {
    int[] asked = {0};
    return current -> {
      if (++asked[0] == when) {
        happens.run();
      }
      return next;
    };
  }

  static void assertIncompatible(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, FindingCode... codes) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> {
              assertThat(refused.errorCode()).isEqualTo(ErrorCode.CHANGE_INCOMPATIBLE);
              assertThat(refused.findings()).extracting(Finding::code).contains(codes);
            })
        .hasMessageContainingAll(ORDERS, "Nothing was changed");
  }
}
