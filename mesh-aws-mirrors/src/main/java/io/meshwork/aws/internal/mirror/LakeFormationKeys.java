package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.internal.runtime.Sha256;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The keys of objects of Lake Formation: the kind, the database and the table, and what tells the
 * object from others there. Names that are long, or not in ASCII, are replaced by a hash.
 */
final class LakeFormationKeys {
  static final String SETTINGS = "settings";

  /** All locations. */
  static final String LOCATIONS = "location";

  static final String LOCATION = LOCATIONS + "/";
  static final String CLOSED = "closed/";
  static final String TAG = "lf-tag/";
  static final String ASSIGNMENT = "assignment/";
  static final String FILTER = "filter/";
  static final String GRANT = "grant/";
  static final String OPT_IN = "opt-in/";
  static final String SHARE = "share/";

  /** All links. */
  static final String LINKS = "link";

  static final String LINK = LINKS + "/";

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.@+=,:-]{1,80}");
  private static final int HASH = 20;
  static final String NONE = "-";

  private LakeFormationKeys() {}

  /** What another account shares, by the type of its resources. */
  static String share(ShareType type) {
    return SHARE + type.text();
  }

  /** A resource link to a database, or a database that has links to tables. */
  static String link(String database) {
    return LINK + database;
  }

  /** A resource link to a table. */
  static String link(String database, String table) {
    return link(database) + "/" + table;
  }

  /** The registration of a location. */
  static String location(String arn) {
    return LOCATION
        + arn.substring(arn.lastIndexOf(':') + 1).replaceAll("[^!-~]", "_")
        + suffix(arn);
  }

  private static String suffix(String text) {
    return text.chars().allMatch(c -> c > ' ' && c <= '~') ? "" : "~" + hash(text);
  }

  /** The control by Lake Formation instead of IAM. */
  static String closed(String database, Optional<String> table) {
    return CLOSED + path(database, table);
  }

  /**
   * Returns the key of the control of the table that an object is on, or of its database; empty for
   * an object on neither.
   */
  static Optional<String> closedWith(String key) {
    String[] path = key.split("/", 4);
    boolean isOnDatabase =
        Stream.of(CLOSED, ASSIGNMENT, FILTER, GRANT, OPT_IN).anyMatch(key::startsWith)
            && !path[1].equals(NONE);
    return isOnDatabase ? Optional.of(CLOSED + path[1] + "/" + path[2]) : Optional.empty();
  }

  /** Returns true for the key of an object on a table, its columns, or its rows. */
  static boolean isOnTable(String key) {
    return closedWith(key).filter(closed -> !closed.endsWith("/" + NONE)).isPresent();
  }

  static String tag(String key, String value) {
    return values(key) + part(value);
  }

  /** All values of a tag. */
  static String values(String key) {
    return TAG + part(key) + "/";
  }

  /**
   * The value of a tag on a resource.
   *
   * @param table empty for the database
   * @param column empty for the table
   */
  static String assignment(
      String database, Optional<String> table, Optional<String> column, String key) {
    return ASSIGNMENT
        + path(database, table)
        + "/"
        + column.map(LakeFormationKeys::part).orElse(NONE)
        + "/"
        + part(key);
  }

  /** All data cells filters of a database. */
  static String filters(String database) {
    return FILTER + part(database);
  }

  /** A data cells filter. */
  static String filter(String database, String table, String name) {
    return filters(database) + "/" + part(table) + "/" + part(name);
  }

  /**
   * The permissions of a principal on a resource.
   *
   * @param resource as in requests
   */
  static String grant(String principal, JsonNode resource) {
    return grants(LakeFormationJson.database(resource), LakeFormationJson.table(resource))
        + part(principal.substring(principal.lastIndexOf('/') + 1))
        + "/"
        + hash(principal + "\n" + LakeFormationJson.canonical(resource));
  }

  /** The columns of a table that a principal may read. */
  static String columns(String principal, String database, String table) {
    return grants(Optional.of(database), Optional.of(table))
        + part(principal.substring(principal.lastIndexOf('/') + 1))
        + "/columns/"
        + hash(principal);
  }

  /**
   * The opt-in of a principal on a database or table.
   *
   * @param resource as in requests
   */
  static String optIn(String principal, JsonNode resource) {
    return OPT_IN + grant(principal, resource).substring(GRANT.length());
  }

  /** Returns prefixes of the keys of all objects that decide about the tables of a database. */
  static List<String> deciding(String database) {
    String name = part(database) + "/";
    return List.of(
        CLOSED + name,
        TAG,
        ASSIGNMENT + name,
        FILTER + name,
        OPT_IN + name,
        grantsOn(database),
        grantsOn(NONE));
  }

  /** Returns prefixes of the keys of the tags, filters, grants, and opt-ins of a table. */
  static List<String> ofTable(String database, String table) {
    String path = path(database, Optional.of(table)) + "/";
    return List.of(ASSIGNMENT + path, FILTER + path, GRANT + path, OPT_IN + path);
  }

  /** Returns true for the key of a database of links, of a link there, or of a grant on them. */
  static boolean isOfLinks(String key, String database) {
    return key.equals(link(database))
        || key.startsWith(link(database) + "/")
        || key.startsWith(grantsOn(database));
  }

  /** Returns prefixes of the keys of the grants and opt-ins on a table. */
  static List<String> grantedOn(String database, String table) {
    return List.of(GRANT + path(database, Optional.of(table)) + "/", optInsOn(database, table));
  }

  /**
   * Returns the prefix of the keys of the grants on a database and its tables.
   *
   * @param database {@link #NONE} for grants on neither
   */
  static String grantsOn(String database) {
    return GRANT + part(database) + "/";
  }

  /** Returns the prefix of the keys of the grants on a database itself. */
  static String grantsOnDatabase(String database) {
    return grants(Optional.of(database), Optional.empty());
  }

  /** Returns the prefix of the keys of the opt-ins on a database and its tables. */
  static String optInsOn(String database) {
    return OPT_IN + part(database) + "/";
  }

  /** Returns the prefix of the keys of the opt-ins on a database itself. */
  static String optInsOnDatabase(String database) {
    return OPT_IN + path(database, Optional.empty()) + "/";
  }

  /** Returns the prefix of the keys of the opt-ins on a table. */
  static String optInsOn(String database, String table) {
    return OPT_IN + path(database, Optional.of(table)) + "/";
  }

  private static String grants(Optional<String> database, Optional<String> table) {
    return GRANT + path(database.orElse(NONE), table) + "/";
  }

  private static String path(String database, Optional<String> table) {
    return part(database) + "/" + table.map(LakeFormationKeys::part).orElse(NONE);
  }

  private static String part(String name) {
    return PLAIN.matcher(name).matches() && !name.equals(NONE) ? name : "~" + hash(name);
  }

  private static String hash(String text) {
    return Sha256.hex(text).substring(0, HASH);
  }
}
