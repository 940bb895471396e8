package io.meshwork.examples.docs;

import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.contract.Rule.inSet;
import static io.meshwork.contract.Rule.matches;
import static io.meshwork.contract.Rule.notNull;
import static io.meshwork.contract.Rule.rowCount;
import static io.meshwork.contract.Rule.unique;

import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.odcs.ContractProposal;
import io.meshwork.product.Classification;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;

/** A contract that is proposed from a file, and the edited contract. */
public final class FromProposalToContract {
  private static final String ORDERS =
      """
      order_id,placed,customer,zip,amount,status
      1001,2026-11-17,Ann,00501,17.50,paid
      1002,2026-11-17,Bob,10115,4.20,sent
      1003,2026-11-17,Cem,75001,120,sent
      1004,2026-11-18,Ann,00501,17.50,paid
      1005,2026-11-18,Dora,10115,9.90,new
      1006,2026-11-18,Emil,10115,33,sent
      1007,2026-11-18,,75001,5,paid
      1008,2026-11-19,Finn,00501,48.75,sent
      1009,2026-11-19,Gita,10115,12,new
      1010,2026-11-19,Bob,10115,4.20,new
      1011,2026-11-19,Hugo,75001,1250,paid
      1012,2026-11-19,Ida,00501,80.10,sent
      1013,2026-11-19,Ann,00501,17.50,sent
      1014,2026-11-19,Jan,10115,6,paid
      1015,2026-11-19,Kai,75001,21,new
      """;

  private FromProposalToContract() {}

  /** Prints the proposal as Java. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createTempDirectory("meshwork-orders-");
    folder.toFile().deleteOnExit();
    Path file = folder.resolve("orders.csv");
    file.toFile().deleteOnExit();
    Files.writeString(file, ORDERS);
    // tag::propose[]
    ContractProposal proposal = ContractProposal.from(file); // Parquet, CSV or JSON
    System.out.print(proposal.asJava()); // or asYaml()
    // end::propose[]
  }

  // tag::columns[]
  record Order(
      @Column("order_id") long orderId,
      LocalDate placed,
      Optional<String> customer,
      String zip,
      @Column(precision = 18, scale = 2) BigDecimal amount,
      String status) {}

  // end::columns[]

  static Contract rules() {
    // tag::rules[]
    Contract orders =
        Contract.of(Order.class)
            .require(
                unique("order_id"),
                inSet("status", "new", "paid", "sent", "returned"),
                matches("zip", "[0-9]{5}").id("zip-of-five-digits"),
                atLeast("amount", 0).where("status <> 'returned'").toleratePercent(0.1),
                notNull("customer").toleratePercent(20).warn(),
                rowCount(1, 1_000_000));
    // end::rules[]
    return orders;
  }

  static Contract terms(Contract orders) {
    // tag::terms[]
    return orders
        .onViolation(OnViolation.QUARANTINE)
        .maxQuarantineShare(2)
        .description("Orders of the web shop, one row each, every night")
        .describeColumn("amount", "What the customer pays, in EUR, taxes included")
        .classification(Classification.CONFIDENTIAL, "customer")
        .freshWithin(Duration.ofHours(26))
        .noticePeriod(Duration.ofDays(60));
    // end::terms[]
  }
}
