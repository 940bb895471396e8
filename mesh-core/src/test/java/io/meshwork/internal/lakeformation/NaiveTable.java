package io.meshwork.internal.lakeformation;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.AccessFacts.DataFilter;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.GlueColumn;
import io.meshwork.internal.lakeformation.AccessFacts.RegisteredLocation;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import io.meshwork.internal.lakeformation.NaiveAccess.Answer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** The naive answer about one table, cell by cell. */
final class NaiveTable {
  private static final Set<Permission> TABLE =
      EnumSet.of(
          Permission.ALL,
          Permission.ALTER,
          Permission.DELETE,
          Permission.DESCRIBE,
          Permission.DROP,
          Permission.INSERT,
          Permission.SELECT);

  private final NaiveAccess access;
  private final AccessQuestion q;
  private final Permission action;
  private final String p;
  private final Database d;
  private final Table t;
  private final boolean foreign;
  private final List<String> ordinary;
  private final List<String> everyColumn;
  private final List<String> conditions;

  NaiveTable(NaiveAccess access, AccessQuestion q, String p, Database d, Table t) {
    this.access = access;
    this.q = q;
    this.action = q.action();
    this.p = p;
    this.d = d;
    this.t = t;
    this.foreign = !NaiveAccess.home(p).equals(d.account());
    this.ordinary = t.columns().stream().map(GlueColumn::name).toList();
    this.everyColumn = new ArrayList<>(ordinary);
    everyColumn.addAll(t.partitionKeys());
    this.conditions = conditions(access.filters(d, t));
  }

  /** The different conditions of a table's filters, in order: a row is a set of them. */
  static List<String> conditions(List<DataFilter> filters) {
    return List.copyOf(
        new TreeSet<>(filters.stream().flatMap(filter -> filter.rows().stream()).toList()));
  }

  Answer answer() {
    SortedSet<String> matched = new TreeSet<>();
    SortedSet<String> codes = new TreeSet<>();
    SortedSet<String> open = new TreeSet<>();
    List<Grant> direct = new ArrayList<>();
    List<Grant> up = new ArrayList<>();
    List<Grant> down = new ArrayList<>();
    boolean everything = false;
    for (Grant g : access.world().grants()) {
      if (access.leavesToIam(g, d.account()) && namesWhole(g)) {
        open.add(g.id());
      }
    }
    boolean byIam = !open.isEmpty() && !optedIn();
    if (byIam && !foreign) {
      matched.addAll(open);
      everything = true;
    } else {
      everything = byCreation(matched);
      if (byIam && matched.isEmpty()) {
        return Answer.no("OPT_IN");
      } else if (!byIam) {
        if (action == Permission.DESCRIBE && !foreign && access.seesAll(p, d.account())) {
          matched.add("implicit:admin");
          everything = true;
        }
        collect(direct, up, down, codes);
      }
    }
    direct.forEach(g -> matched.add(g.id()));
    boolean byOffice =
        action == Permission.DESCRIBE && foreign && access.seesAll(p, NaiveAccess.home(p));
    if (byOffice && !up.isEmpty()) {
      matched.add("implicit:admin");
      up.forEach(g -> matched.add(g.id()));
    }
    for (Grant share : up) {
      for (Grant local : down) {
        if (everyColumn.stream().anyMatch(c -> has(share, c) && has(local, c))) {
          matched.add(share.id());
          matched.add(local.id());
        }
      }
    }
    if (matched.isEmpty()) {
      if (!up.isEmpty() && down.isEmpty()) {
        codes.add("LOCAL_GRANT");
      }
      if (up.isEmpty() && !down.isEmpty() && !codes.contains("RAM_SHARE")) {
        codes.add("ACCOUNT_GRANT");
      }
      return Answer.no(codes.isEmpty() ? new String[] {"NO_GRANT"} : codes.toArray(String[]::new));
    }
    String path = dataPath();
    if (!path.isEmpty()) {
      return Answer.no(path);
    }
    SortedSet<String> cells = new TreeSet<>();
    SortedSet<String> visible = new TreeSet<>();
    for (String c : everyColumn) {
      for (int row = 0; row < 1 << conditions.size(); row++) {
        if (everything || shows(c, row, direct, up, down, byOffice)) {
          cells.add(c + "@" + row);
          visible.add(c);
        }
      }
    }
    return told(matched, visible, cells);
  }

  private Answer told(
      SortedSet<String> matched, SortedSet<String> visible, SortedSet<String> cells) {
    if (action != Permission.SELECT && action != Permission.DESCRIBE) {
      return Answer.yes(matched, "");
    }
    SortedSet<String> hidden = new TreeSet<>();
    SortedSet<String> asked = new TreeSet<>();
    for (String name : q.columns()) {
      hidden.add("COLUMN:" + NaiveAccess.lower(name));
      for (String c : visible) {
        if (NaiveAccess.lower(c).equals(NaiveAccess.lower(name))) {
          hidden.remove("COLUMN:" + NaiveAccess.lower(name));
          asked.add(c);
        }
      }
    }
    if (!hidden.isEmpty()) {
      return Answer.no(hidden.toArray(String[]::new));
    } else if (action == Permission.SELECT && visible.isEmpty()) {
      return Answer.no("NO_COLUMN");
    }
    return new Answer(
        true,
        matched,
        new TreeSet<>(),
        q.columns().isEmpty() ? visible : asked,
        action == Permission.SELECT ? cells : new TreeSet<>(),
        "");
  }

  private boolean byCreation(SortedSet<String> matched) {
    boolean something = false;
    if (t.creator().isPresent() && TABLE.contains(action)) {
      String creator = t.creator().get();
      String from = NaiveAccess.home(creator);
      if (creator.equals(p)) {
        matched.add("implicit:table-creator");
        something = true;
      }
      if (!from.equals(d.account())
          && from.equals(NaiveAccess.home(p))
          && access.account(from).admins().contains(p)) {
        matched.add("implicit:creator-account-admin");
        something = true;
      }
    }
    return something;
  }

  private void collect(
      List<Grant> direct, List<Grant> up, List<Grant> down, SortedSet<String> codes) {
    List<Grant> mine = new ArrayList<>();
    boolean listsAreVoid = false;
    for (Grant g : access.world().grants()) {
      if (!access.active(g) || !g.on().account().equals(d.account())) {
        continue;
      }
      boolean own = access.isDirect(g, p, d.account()) || access.isRegrant(g, p, d.account());
      if (own
          && namesWhole(g)
          && (g.permissions().contains(Permission.ALL)
              || g.permissions().contains(Permission.ALTER)
              || g.permissions().contains(Permission.DROP)
              || g.permissions().contains(Permission.INSERT)
              || g.permissions().contains(Permission.DELETE))) {
        listsAreVoid = true;
      }
      mine.add(g);
    }
    for (Grant g : mine) {
      boolean list = g.on() instanceof Resource.Columns || g.on() instanceof Resource.ColumnsExcept;
      if (!rights(g).contains(action)) {
        continue;
      }
      if (access.isDirect(g, p, d.account())) {
        if (list && listsAreVoid) {
          continue;
        } else if (!foreign || access.isActive(d.account(), NaiveAccess.home(p), g)) {
          direct.add(g);
        } else {
          codes.add("RAM_SHARE");
        }
      } else if (access.isShare(g, p, d.account())) {
        if (access.isActive(d.account(), NaiveAccess.home(p), g)) {
          up.add(g);
        } else {
          codes.add("RAM_SHARE");
        }
      } else if (access.isRegrant(g, p, d.account()) && !(list && listsAreVoid)) {
        down.add(g);
      }
    }
  }

  /** A cell shows if a grant to oneself has it, or a share and a re-grant both have it. */
  private boolean shows(
      String c, int row, List<Grant> direct, List<Grant> up, List<Grant> down, boolean byOffice) {
    boolean describe = action == Permission.DESCRIBE;
    boolean mine = direct.stream().anyMatch(g -> has(g, c) && (describe || admits(g, row)));
    boolean shared = up.stream().anyMatch(g -> has(g, c) && (describe || admits(g, row)));
    boolean passedOn = down.stream().anyMatch(g -> has(g, c) && (describe || admits(g, row)));
    return mine || (shared && (passedOn || byOffice));
  }

  private boolean admits(Grant g, int row) {
    DataFilter filter = filter(g);
    return filter == null
        || filter.rows().isEmpty()
        || (row & 1 << conditions.indexOf(filter.rows().get())) != 0;
  }

  private DataFilter filter(Grant g) {
    return g.on() instanceof Resource.FilteredTable of
        ? access.filters(d, t).stream()
            .filter(it -> it.name().equals(of.filter()))
            .reduce((one, other) -> other)
            .orElse(null)
        : null;
  }

  /** The permissions that a grant gives on this table. */
  private Set<Permission> rights(Grant g) {
    Set<Permission> rights = EnumSet.noneOf(Permission.class);
    if (namesWhole(g)) {
      rights.addAll(g.permissions());
    } else if (policy(g) != null) {
      boolean itself = matches(g, null);
      long columns = ordinary.stream().filter(c -> matches(g, c)).count();
      if (itself && columns == ordinary.size()) {
        rights.addAll(g.permissions());
      } else if (itself || columns > 0) {
        rights.add(Permission.DESCRIBE);
        if (columns > 0
            && (g.permissions().contains(Permission.SELECT)
                || g.permissions().contains(Permission.ALL))) {
          rights.add(Permission.SELECT);
        }
        return rights;
      }
    } else if (namesThis(g)
        && g.permissions().contains(Permission.SELECT)
        && ordinary.stream().anyMatch(c -> listed(g, c))) {
      rights.add(Permission.SELECT);
    }
    rights.retainAll(TABLE);
    if (rights.contains(Permission.ALL)) {
      return TABLE;
    } else if (!rights.isEmpty()) {
      rights.add(Permission.DESCRIBE);
    }
    return rights;
  }

  /** True if what a grant gives on this table reaches a column. */
  private boolean has(Grant g, String c) {
    if (namesWhole(g)) {
      return true;
    }
    boolean partition = !ordinary.contains(c);
    if (policy(g) != null) {
      boolean whole = matches(g, null) && ordinary.stream().allMatch(o -> matches(g, o));
      return whole || (partition ? ordinary.stream().anyMatch(o -> matches(g, o)) : matches(g, c));
    }
    return partition ? ordinary.stream().anyMatch(o -> listed(g, o)) : listed(g, c);
  }

  /** True if a list or filter has an ordinary column. */
  private boolean listed(Grant g, String c) {
    if (g.on() instanceof Resource.Columns of) {
      return in(of.names(), c);
    } else if (g.on() instanceof Resource.ColumnsExcept of) {
      return !in(of.names(), c);
    }
    DataFilter filter = filter(g);
    return filter != null
        && (filter.include().isEmpty() || in(filter.include().get(), c))
        && (filter.exclude().isEmpty() || !in(filter.exclude().get(), c));
  }

  private static boolean in(List<String> names, String c) {
    return names.stream().anyMatch(name -> NaiveAccess.lower(name).equals(NaiveAccess.lower(c)));
  }

  private boolean namesWhole(Grant g) {
    return (g.on() instanceof Resource.Table && namesThis(g))
        || (g.on() instanceof Resource.AllTables all
            && all.account().equals(d.account())
            && NaiveAccess.lower(all.in()).equals(NaiveAccess.lower(d.name())));
  }

  private boolean namesThis(Grant g) {
    return g.on().account().equals(d.account())
        && NaiveAccess.lower(g.on().database().orElse("")).equals(NaiveAccess.lower(d.name()))
        && NaiveAccess.lower(g.on().table().orElse("")).equals(NaiveAccess.lower(t.name()));
  }

  private TagExpression policy(Grant g) {
    return access.expression(g.on(), Resource.PolicyType.TABLE);
  }

  /** True if a policy matches a column, or the table itself where none is given. */
  private boolean matches(Grant g, String column) {
    return NaiveAccess.matches(policy(g), key -> tag(column, key));
  }

  private String tag(String column, String key) {
    String value = null;
    if (column != null) {
      for (Map.Entry<String, Map<String, String>> own : t.columnTags().entrySet()) {
        if (NaiveAccess.lower(own.getKey()).equals(NaiveAccess.lower(column))) {
          value = NaiveAccess.own(own.getValue(), key);
        }
      }
    }
    value = value == null ? NaiveAccess.own(t.tags(), key) : value;
    return value == null ? NaiveAccess.own(d.tags(), key) : value;
  }

  private boolean optedIn() {
    Resource.Table table = new Resource.Table(d.account(), d.name(), t.name());
    Resource.AllTables all = new Resource.AllTables(d.account(), d.name());
    Resource.Database database = new Resource.Database(d.account(), d.name());
    return access.optedIn(p, table)
        || (access.optedIn(p, all) && (!foreign || access.optedIn(p, database)));
  }

  /** The code of what is missing on the way to the data; empty if nothing is. */
  private String dataPath() {
    Set<Permission> ofData =
        new HashSet<>(List.of(Permission.SELECT, Permission.INSERT, Permission.DELETE));
    if (t.location().isEmpty() || !ofData.contains(action)) {
      return "";
    }
    String s3 = t.location().get();
    RegisteredLocation place = access.registered(d.account(), s3);
    if (place != null && (!place.hybrid() || optedIn())) {
      return access.facts(p).getDataAccess() ? "" : "IAM_GET_DATA_ACCESS";
    }
    return access.reaches(p, s3) ? "" : "S3_ACCESS";
  }
}
