package io.meshwork.internal.conformance.quality;

import static io.meshwork.contract.Partition.by;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.error.ContractViolationException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.publish.PublishReceipt;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Visits and customers, with rules on both. */
abstract class VisitFixture extends MeshFixture {
  static final String CUSTOMERS = "crm/customers";

  static final String VISITS = "commerce/visits";

  record Customer(long id, Optional<Long> invitedBy, double credit) {
    static Customer of(long id) {
      return new Customer(id, Optional.empty(), 10);
    }

    static List<Customer> range(long from, long to) {
      return LongStream.range(from, to).mapToObj(Customer::of).toList();
    }
  }

  record Visit(long id, String shop, Optional<Long> customer, LocalDateTime at, double spent) {}

  static final LocalDateTime MORNING = LocalDateTime.parse("2026-11-20T06:00:00");

  static Visit visit(long id, String shop, long customer) {
    return new Visit(id, shop, Optional.of(customer), MORNING, id);
  }

  static List<Visit> visits(long from, long to) {
    return LongStream.range(from, to).mapToObj(id -> visit(id, "berlin", id)).toList();
  }

  final MeshClient defineVisits(Rule... rules) {
    return defineVisits(OnViolation.REJECT, rules);
  }

  final MeshClient defineVisits(OnViolation policy, Rule... rules) {
    MeshClient shop = registerShop();
    shop.defineProduct(VISITS)
        .contract(
            Contract.of(Visit.class).require(rules).onViolation(policy).maxQuarantineShare(60))
        .partitionBy(by("shop"))
        .openToMesh()
        .commit();
    return shop;
  }

  final MeshClient defineCustomers(Rule... rules) {
    MeshClient crm = as("crm");
    crm.registerDomain("crm").owner("crm@example.org").commit();
    crm.defineProduct(CUSTOMERS)
        .contract(Contract.of(Customer.class).require(rules))
        .openToMesh()
        .commit();
    return crm;
  }

  static RuleResult only(PublishReceipt receipt) {
    assertThat(receipt.quality().rules()).hasSize(1);
    return receipt.quality().rules().get(0);
  }

  final PublishReceipt published(List<Visit> visits) {
    return shop().publish(VISITS).records(visits).commit();
  }

  final ContractViolationException refused(List<Visit> visits) {
    return catchThrowableOfType(ContractViolationException.class, () -> published(visits));
  }
}
