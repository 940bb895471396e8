package io.meshwork.internal.lakeformation.index;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.TagExpression;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An indexed grant. */
public final class IndexedGrant {
  private static final Set<Permission> ON_TABLES =
      Collections.unmodifiableSet(
          EnumSet.of(
              Permission.ALL,
              Permission.ALTER,
              Permission.DELETE,
              Permission.DESCRIBE,
              Permission.DROP,
              Permission.INSERT,
              Permission.SELECT));
  private static final Set<Permission> ON_DATABASES =
      Collections.unmodifiableSet(
          EnumSet.of(
              Permission.ALL,
              Permission.ALTER,
              Permission.CREATE_TABLE,
              Permission.DESCRIBE,
              Permission.DROP));

  private final Grant grant;
  private final @Nullable Instant until;
  private final @Nullable TagExpression expression;

  IndexedGrant(Grant grant, @Nullable TagExpression expression) {
    this.grant = grant;
    this.until = grant.until().orElse(null);
    this.expression = expression;
  }

  public Grant grant() {
    return grant;
  }

  public String id() {
    return grant.id();
  }

  public boolean activeAt(Instant at) {
    return until == null || at.isBefore(until);
  }

  public boolean madeIn(String account) {
    return grant.grantor().equals(account);
  }

  public boolean isPolicy() {
    return grant.on() instanceof Resource.TagPolicy || grant.on() instanceof Resource.NamedPolicy;
  }

  /** The expression of a tag policy; null for other grants and unknown names. */
  public @Nullable TagExpression expression() {
    return expression;
  }

  /** Returns true if it lists included or excluded columns. */
  public boolean isColumnList() {
    return grant.on() instanceof Resource.Columns || grant.on() instanceof Resource.ColumnsExcept;
  }

  /** Returns true if it names a whole table or all tables of a database. */
  public boolean isOnWholeTable() {
    return grant.on() instanceof Resource.Table || grant.on() instanceof Resource.AllTables;
  }

  /**
   * Returns true if permissions on a table include another one, directly, by ALL, or because any
   * permission implies DESCRIBE.
   */
  public static boolean coversOnTable(Set<Permission> some, Permission wanted) {
    return covers(some, wanted, ON_TABLES);
  }

  /**
   * Returns true if permissions on a database include another one, directly, by ALL, or because any
   * permission implies DESCRIBE.
   */
  public static boolean coversOnDatabase(Set<Permission> some, Permission wanted) {
    return covers(some, wanted, ON_DATABASES);
  }

  private static boolean covers(
      Set<Permission> some, Permission wanted, Set<Permission> grantable) {
    if (!grantable.contains(wanted)) {
      return false;
    }
    return some.contains(wanted)
        || some.contains(Permission.ALL)
        || (wanted == Permission.DESCRIBE && some.stream().anyMatch(grantable::contains));
  }
}
