package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.internal.lakeformation.AccessEdit;
import io.meshwork.internal.lakeformation.AccessQuestion;
import io.meshwork.internal.lakeformation.DataPermission;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an {@link AccessQuestion}: allowed, with the permitted data, or denied, with what
 * is missing. Both are explained. Immutable and thread-safe.
 */
public final class AccessDecision {
  private final boolean allowed;
  private final List<String> matched;
  private final List<Denial> missing;
  private final TableScopes scopes;
  private final Optional<ResolvedTarget> resolved;
  private final Supplier<Explanation> explanation;
  private final Supplier<List<AccessEdit>> change;

  /** What a denied action lacks; {@link #meaning()} explains each code. */
  public enum DenialCode {
    NO_GRANT("no active grant and no implicit permission allows this"),
    LOCAL_GRANT("shared with the account, but not granted to the principal within the account"),
    ACCOUNT_GRANT("granted within the account, but not shared with the account by the owner"),
    RAM_SHARE("granted, but the resource share between the accounts is not accepted"),
    OPT_IN("controlled by IAM: principals of other accounts must opt in"),
    LINK_DESCRIBE("DESCRIBE on the resource link is not granted"),
    LINK_CHAIN("the resource link points to another resource link, which is not followed"),
    COLUMN("this column is not granted"),
    NO_COLUMN("no column is granted"),
    COLUMNS_WITHHELD("granted for less sensitive data than these columns contain now"),
    CONDITION_REVEALS("passed on for rows by a column that the account may not read"),
    IAM_GLUE("IAM does not allow the principal to call AWS Glue"),
    IAM_GET_DATA_ACCESS("IAM does not allow the principal lakeformation:GetDataAccess"),
    S3_ACCESS("the principal's own S3 permissions do not cover the data"),
    DATA_LOCATION("the location is registered, but not granted"),
    UNKNOWN_RESOURCE("the resource does not exist");

    private final String meaning;

    DenialCode(String meaning) {
      this.meaning = meaning;
    }

    /** Returns the meaning as a clause without capital and full stop. */
    public String meaning() {
      return meaning;
    }
  }

  /**
   * One reason of a denial. Ordered by its text.
   *
   * @param code what is missing
   * @param column the name of the column if the code is {@link DenialCode#COLUMN}; otherwise empty
   */
  public record Denial(DenialCode code, String column) implements Comparable<Denial> {
    public static Denial of(DenialCode code) {
      return new Denial(code, "");
    }

    static Denial ofColumn(String column) {
      return new Denial(DenialCode.COLUMN, column);
    }

    @Override
    public int compareTo(Denial other) {
      return toString().compareTo(other.toString());
    }

    /** Returns the code, followed by the column if there is one, such as {@code COLUMN:email}. */
    @Override
    public String toString() {
      return column.isEmpty() ? code.name() : code + ":" + column;
    }
  }

  /** The resource that a question about the name of a link resolved to. */
  public enum ResolvedTarget {
    /** The link itself. */
    LINK,
    /** The target of the link. */
    TARGET
  }

  AccessDecision(
      boolean allowed,
      List<String> matched,
      List<Denial> missing,
      TableScopes scopes,
      Optional<ResolvedTarget> resolved,
      Supplier<Explanation> explanation,
      Supplier<List<AccessEdit>> change) {
    this.allowed = allowed;
    this.matched = matched;
    this.missing = missing;
    this.scopes = scopes;
    this.resolved = resolved;
    this.explanation = explanation;
    this.change = change;
  }

  /** Returns true if the action is allowed. */
  public boolean allowed() {
    return allowed;
  }

  /**
   * Returns the ids of all grants that allow the action, and implicit permissions as {@code
   * implicit:NAME}, sorted; empty if denied.
   */
  public List<String> matched() {
    return matched;
  }

  /** Returns what is missing, sorted, such as {@code NO_GRANT}; empty if allowed. */
  public List<Denial> missing() {
    return missing;
  }

  /**
   * Returns the columns that a SELECT or DESCRIBE of a table shows, sorted, in the catalog's
   * spelling: the question's, or all permitted ones. Empty for other actions and resources.
   */
  public List<String> columns() {
    return scopes.columns();
  }

  /**
   * Returns what a SELECT may read of the table. {@link DataPermission#NONE} if the question is not
   * a SELECT on a table, or is denied.
   */
  public DataPermission permission() {
    return scopes.permission();
  }

  public TableScopes scopes() {
    return scopes;
  }

  /** Returns what a question about the name of a link resolved to; empty for other questions. */
  public Optional<ResolvedTarget> resolved() {
    return resolved;
  }

  /**
   * Returns the values of a row that a SELECT shows; empty if it shows nothing of the row.
   *
   * @param row values by column name, without regard to case: text, numbers, booleans, or maps for
   *     structs; dates and times as ISO text
   * @return the values of {@link #columns()}; null in hidden cells
   */
  public Optional<Map<String, @Nullable Object>> see(Map<String, ? extends @Nullable Object> row) {
    return allowed ? scopes.see(row) : Optional.empty();
  }

  /** Returns the reasons of the decision and what would change it. Computed on each call. */
  public Explanation explanation() {
    return explanation.get();
  }

  /**
   * Returns what would change the decision, as {@link Explanation#change()}, without looking for
   * who could make it. Computed on each call.
   */
  public List<AccessEdit> change() {
    return change.get();
  }

  /** The decision in one line, without row conditions. */
  @Override
  public String toString() {
    return allowed
        ? "allowed by " + String.join(", ", matched)
        : "denied, missing "
            + missing.stream().map(Denial::toString).collect(Collectors.joining(", "));
  }
}
