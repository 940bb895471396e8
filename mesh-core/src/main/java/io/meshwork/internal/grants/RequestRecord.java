package io.meshwork.internal.grants;

import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.request.AccessRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A request as it was read. Immutable. */
record RequestRecord(
    String id,
    ProductName product,
    Principal requester,
    String domain,
    State state,
    int revision,
    List<String> columns,
    Optional<String> rows,
    String purpose,
    Method method,
    Optional<Instant> until,
    Classification risk,
    Optional<Classification> approvedRisk,
    List<String> riskyColumns,
    List<String> alreadyReadable,
    List<Principal> approvedBy,
    int approvalsMissing,
    Optional<String> question,
    Optional<String> answer,
    Optional<String> because,
    Optional<GrantSummary> granted,
    Instant askedAt,
    Instant expiresAt)
    implements AccessRequest {
  public RequestRecord {
    columns = List.copyOf(columns);
    riskyColumns = List.copyOf(riskyColumns);
    alreadyReadable = List.copyOf(alreadyReadable);
    approvedBy = List.copyOf(approvedBy);
  }

  /**
   * Returns one line without the row condition: the granted terms of an approved request, else the
   * requested ones.
   */
  @Override
  public String toString() {
    return id
        + " "
        + state
        + " "
        + requester
        + granted
            .map(grant -> " was granted " + terms(grant.columns(), grant.rows(), grant.until()))
            .orElseGet(() -> " asks for " + terms(columns, rows, until))
        + ", risk "
        + risk
        + approvedRisk
            .filter(approved -> approved != risk)
            .map(approved -> ", approved at " + approved)
            .orElse("")
        + (approvalsMissing > 0 && !approvedBy.isEmpty()
            ? ", approved by " + approvedBy + ", " + approvalsMissing + " missing"
            : "")
        + ": "
        + purpose;
  }

  private String terms(
      List<String> columnNames, Optional<String> condition, Optional<Instant> end) {
    return product
        + (columnNames.isEmpty() ? "" : " (" + String.join(", ", columnNames) + ")")
        + (condition.isEmpty() ? "" : " in some rows")
        + end.map(instant -> " until " + instant).orElse("");
  }
}
