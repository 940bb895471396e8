package io.meshwork.internal.scan;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.QuarantineTable;
import io.meshwork.internal.text.NearestName;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.VectorBatch;
import io.meshwork.product.ProductName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;

/**
 * The rule IDs that a filter on a quarantine may contain: the IDs in the current contract, its
 * earlier versions, and quarantined rows. A misspelled ID would match no row, which looks like
 * valid data. Not thread-safe.
 */
public final class QuarantineRuleIds {
  private static final int MAX_SHOWN = 10;
  private static final Types.NestedField RULES =
      QuarantineTable.SCHEMA.findField(QuarantineTable.RULES);

  private final ClientSession session;
  private final ProductName product;
  private final VersionEntry version;
  private final MeshAction action;
  private final Set<String> ruleIds = new TreeSet<>();

  private QuarantineRuleIds(
      ClientSession session, ProductName product, VersionEntry version, MeshAction action) {
    this.session = session;
    this.product = product;
    this.version = version;
    this.action = action;
  }

  /**
   * Checks the rule IDs of a filter.
   *
   * @param version the current contract of the major version
   * @param quarantine the table that the filter applies to
   * @throws InvalidRequestException if an ID is unknown; the message contains the nearest one
   */
  public static void check(
      ClientSession session,
      ProductName product,
      VersionEntry version,
      Table quarantine,
      RowPredicate filter,
      MeshAction action) {
    List<String> ids = new ArrayList<>();
    for (String constant : filter.constants(RULES.fieldId())) {
      ids.addAll(List.of(constant.split(",", -1)));
    }
    List<String> parts = new ArrayList<>();
    for (String pattern : filter.patterns(RULES.fieldId())) {
      String part = pattern.replaceAll("^%+|%+$", "");
      if (!part.contains("%") && !part.contains(",")) {
        parts.add(part);
      }
    }
    if (!ids.isEmpty() || !parts.isEmpty()) {
      new QuarantineRuleIds(session, product, version, action).check(quarantine, ids, parts);
    }
  }

  private void check(Table quarantine, List<String> ids, List<String> parts) {
    add(version.contract());
    if (unknown(ids, parts).isPresent()) {
      session.catalog().contracts(product, version.major()).values().forEach(this::add);
    }
    if (unknown(ids, parts).isPresent()) {
      addQuarantined(quarantine);
    }
    Optional<String> unknown = unknown(ids, parts);
    if (unknown.isPresent()) {
      throw unknownRule(unknown.get());
    }
  }

  private Optional<String> unknown(List<String> ids, List<String> parts) {
    return ids.stream()
        .filter(id -> !ruleIds.contains(column(id)))
        .findFirst()
        .or(
            () ->
                parts.stream()
                    .filter(part -> ruleIds.stream().noneMatch(contains(column(part))))
                    .findFirst());
  }

  /** Matches IDs that contain a string, in which {@code _} matches any character. */
  private static java.util.function.Predicate<String> contains(String part) {
    return Pattern.compile(
            Stream.of(part.split("_", -1)).map(Pattern::quote).collect(Collectors.joining(".")))
        .asPredicate();
  }

  private void add(Contract contract) {
    contract.enforcedRules().stream().map(Rule::id).forEach(ruleIds::add);
    if (contract.serviceLevel().maxLateness().isPresent()) {
      ruleIds.add(ServiceLevel.MAX_LATENESS);
    }
    contract.schema().getFields().forEach(field -> ruleIds.add(TypeViolations.RULE + field.name()));
    ruleIds.add(TypeViolations.UNKNOWN_COLUMN_RULE);
    ruleIds.add(TypeViolations.MAPPING_RULE);
    ruleIds.add(TypeViolations.MALFORMED_LINE_RULE);
  }

  /** Reduces the ID of a type violation in a nested field to the ID of the top-level column. */
  private static String column(String id) {
    return id.startsWith(TypeViolations.RULE) ? id.split("[.\\[{]", 2)[0] : id;
  }

  private void addQuarantined(Table quarantine) {
    Snapshot newest = quarantine.currentSnapshot();
    if (newest == null) {
      return;
    }
    try (SnapshotScan scan =
        SnapshotScan.of(
                session.files(),
                SnapshotFiles.of(quarantine, newest),
                new Schema(RULES),
                Long.MAX_VALUE,
                action)
            .from(quarantine)) {
      for (VectorBatch batch = scan.next(); batch != null; batch = scan.next()) {
        BytesVector ids = (BytesVector) batch.vector(0).flat();
        for (int row = 0; row < batch.rows(); row++) {
          String joined = new String(ids.get(row), StandardCharsets.UTF_8);
          List.of(joined.split(",", -1)).forEach(id -> ruleIds.add(column(id)));
        }
      }
    }
  }

  private InvalidRequestException unknownRule(String unknown) {
    Optional<String> nearest = NearestName.to(unknown, ruleIds);
    String where = QuarantineTable.RULES;
    String reason =
        "column "
            + where
            + " is compared with a rule ID that neither contract "
            + version.version()
            + ", an earlier one, nor a row of the quarantine has";
    String fix =
        nearest.map(id -> "Did you mean '" + id + "'? ").orElse("")
            + "Rule IDs are "
            + String.join(", ", ruleIds.stream().limit(MAX_SHOWN).toList())
            + (ruleIds.size() > MAX_SHOWN ? ", and " + (ruleIds.size() - MAX_SHOWN) + " more" : "")
            + ".";
    return Failure.of(action.on("with this filter"))
        .because(reason)
        .state("Nothing was read or changed.")
        .fix(fix)
        .findings(List.of(Finding.error(FindingCode.UNKNOWN_RULE, where, reason, fix)))
        .invalidRequest(ErrorCode.FILTER_INVALID);
  }
}
