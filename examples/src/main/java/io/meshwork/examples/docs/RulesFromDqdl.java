package io.meshwork.examples.docs;

import io.meshwork.contract.Contract;
import io.meshwork.odcs.DqdlDocument;
import io.meshwork.odcs.OdcsReport.Element;
import io.meshwork.odcs.OdcsReport.Outcome;
import io.meshwork.product.ProductName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Rules of AWS Glue Data Quality that become rules of a contract, and are written again. */
public final class RulesFromDqdl {
  private static final String RULESET =
      """
      Rules = [
          IsPrimaryKey "meter" "day",
          ColumnValues "kwh" between 0 and 100000,
          ReferentialIntegrity "meter" "meters.id" = 1.0,
          Uniqueness "day" > 0.9
      ]
      """;

  /** A reading of a meter. */
  record MeterReading(String meter, String day, Optional<Long> kwh) {}

  private RulesFromDqdl() {}

  /** Prints the report, the rules of the contract, and the ruleset that is written for it. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Folder.of(arguments));
    Path file = Files.writeString(folder.resolve("readings.dqdl"), RULESET);
    Contract columns = Contract.of(MeterReading.class);
    // tag::read[]
    DqdlDocument document =
        DqdlDocument.read(file, columns, Map.of("meters", ProductName.of("energy/meters")));
    for (Element element : document.report().elements()) {
      System.out.println(element);
    }
    Contract contract = document.contract();
    contract.rules().forEach(System.out::println);
    // end::read[]
    // tag::write[]
    DqdlDocument written = DqdlDocument.of(contract);
    System.out.println(written.asDqdl());
    written.report().elements(Outcome.NOT_EXECUTED).forEach(System.out::println);
    // end::write[]
  }
}
