package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.aws.internal.MirrorSettings.TrustedEngines;
import io.meshwork.aws.internal.mirror.glue.RequestJson;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.lakeformation.model.DataLakePrincipal;
import software.amazon.awssdk.services.lakeformation.model.DataLakeSettings;

/**
 * What the mesh needs of the settings of an account: its administrator, and that readers of whole
 * tables get credentials; in the account of a catalog also the version, that new databases and
 * tables are not open to IAM, and the engines that may filter. What others set remains. Immutable.
 *
 * @param administrator the ARN of the role of the mesh
 * @param ofCatalog true for the account of a catalog
 * @param engines the engines that may filter
 */
record LakeFormationSettings(String administrator, boolean ofCatalog, TrustedEngines engines) {
  /** The version from which grants to roles of other accounts and in hybrid mode are possible. */
  static final String VERSION = "4";

  private static final String VERSION_PARAMETER = "CROSS_ACCOUNT_VERSION";
  private static final String ADMINISTRATOR = "Administrator";
  private static final String FULL_TABLE_ACCESS = "AllowFullTableExternalDataAccess";
  private static final String CROSS_ACCOUNT_VERSION = "CrossAccountVersion";
  private static final String DATABASE_DEFAULTS = "CreateDatabaseDefaultPermissions";
  private static final String TABLE_DEFAULTS = "CreateTableDefaultPermissions";
  private static final String FILTERING = "AllowExternalDataFiltering";
  private static final String FILTERING_ACCOUNTS = "ExternalDataFilteringAllowList";
  private static final String TAG_VALUES = "AuthorizedSessionTagValueList";

  /**
   * Returns the settings of an account.
   *
   * @param account the account of a catalog, or of a recipient
   * @param ofCatalog true for the account of a catalog
   */
  static LakeFormationSettings of(MirrorSettings settings, String account, boolean ofCatalog) {
    return new LakeFormationSettings(
        settings.names().role(Principal.of(account, MirrorSettings.MIRROR)),
        ofCatalog,
        ofCatalog ? settings.engines() : TrustedEngines.NONE);
  }

  static LakeFormationSettings of(JsonNode content) {
    return new LakeFormationSettings(
        content.path(ADMINISTRATOR).asText(),
        content.has(CROSS_ACCOUNT_VERSION),
        new TrustedEngines(
            texts(content.path(FILTERING_ACCOUNTS)), texts(content.path(TAG_VALUES))));
  }

  private static Set<String> texts(JsonNode array) {
    Set<String> texts = new TreeSet<>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  /** Returns them as the content of an object. */
  ObjectNode content() {
    ObjectNode content =
        RequestJson.object().put(ADMINISTRATOR, administrator).put(FULL_TABLE_ACCESS, true);
    if (ofCatalog) {
      content.put(CROSS_ACCOUNT_VERSION, VERSION);
      content.putArray(DATABASE_DEFAULTS);
      content.putArray(TABLE_DEFAULTS);
    }
    if (engines.isPresent()) {
      content.put(FILTERING, true);
      engines.accounts().forEach(content.putArray(FILTERING_ACCOUNTS)::add);
      engines.sessionTagValues().forEach(content.putArray(TAG_VALUES)::add);
    }
    return content;
  }

  /** Returns true if the role of the mesh is an administrator. */
  boolean isAdministrator(DataLakeSettings now) {
    return identifiers(now.dataLakeAdmins()).contains(administrator);
  }

  /** Returns true if an account has all of these settings. */
  boolean areIn(DataLakeSettings now) {
    boolean complete =
        isAdministrator(now) && Boolean.TRUE.equals(now.allowFullTableExternalDataAccess());
    if (ofCatalog) {
      complete &=
          isLater(now.parameters().getOrDefault(VERSION_PARAMETER, "1"))
              && now.createDatabaseDefaultPermissions().isEmpty()
              && now.createTableDefaultPermissions().isEmpty();
    }
    if (engines.isPresent()) {
      complete &=
          Boolean.TRUE.equals(now.allowExternalDataFiltering())
              && identifiers(now.externalDataFilteringAllowList()).containsAll(engines.accounts())
              && now.authorizedSessionTagValueList().containsAll(engines.sessionTagValues());
    }
    return complete;
  }

  private static boolean isLater(String version) {
    return version.matches("[0-9]{1,4}") && Integer.parseInt(version) >= Integer.parseInt(VERSION);
  }

  /** Returns the settings of an account with these added. */
  DataLakeSettings addedTo(DataLakeSettings now) {
    DataLakeSettings.Builder settings =
        now.toBuilder()
            .dataLakeAdmins(united(now.dataLakeAdmins(), List.of(administrator)))
            .allowFullTableExternalDataAccess(true);
    if (ofCatalog) {
      Map<String, String> parameters = new HashMap<>(now.parameters());
      if (!isLater(parameters.getOrDefault(VERSION_PARAMETER, ""))) {
        parameters.put(VERSION_PARAMETER, VERSION);
      }
      settings
          .parameters(parameters)
          .createDatabaseDefaultPermissions(List.of())
          .createTableDefaultPermissions(List.of());
    }
    if (engines.isPresent()) {
      List<String> values = new ArrayList<>(now.authorizedSessionTagValueList());
      engines.sessionTagValues().stream()
          .filter(value -> !values.contains(value))
          .forEach(values::add);
      settings
          .allowExternalDataFiltering(true)
          .externalDataFilteringAllowList(
              united(now.externalDataFilteringAllowList(), engines.accounts()))
          .authorizedSessionTagValueList(values);
    }
    return settings.build();
  }

  private static List<DataLakePrincipal> united(
      List<DataLakePrincipal> now, Collection<String> added) {
    List<DataLakePrincipal> all = new ArrayList<>(now);
    List<String> administrators = identifiers(now);
    added.stream()
        .filter(identifier -> !administrators.contains(identifier))
        .map(
            identifier ->
                DataLakePrincipal.builder().dataLakePrincipalIdentifier(identifier).build())
        .forEach(all::add);
    return all;
  }

  private static List<String> identifiers(List<DataLakePrincipal> principals) {
    return principals.stream().map(DataLakePrincipal::dataLakePrincipalIdentifier).toList();
  }

  /** Returns the program of {@code jq} that adds these to the settings of an account. */
  String program() {
    List<String> steps = new ArrayList<>();
    steps.add(principals("DataLakeAdmins", List.of(administrator)));
    steps.add("." + FULL_TABLE_ACCESS + " = true");
    if (ofCatalog) {
      steps.add("." + DATABASE_DEFAULTS + " = []");
      steps.add("." + TABLE_DEFAULTS + " = []");
      steps.add(
          ".Parameters."
              + VERSION_PARAMETER
              + " |= (if ((. // \"0\") | tonumber) < "
              + VERSION
              + " then \""
              + VERSION
              + "\" else . end)");
    }
    if (engines.isPresent()) {
      steps.add("." + FILTERING + " = true");
      steps.add(principals(FILTERING_ACCOUNTS, engines.accounts()));
      steps.add(
          union(
              TAG_VALUES,
              engines.sessionTagValues().stream().map(value -> "\"" + value + "\"").toList()));
    }
    return String.join(" | ", steps);
  }

  private static String principals(String list, Collection<String> identifiers) {
    return union(
        list,
        identifiers.stream()
            .map(each -> "{\"DataLakePrincipalIdentifier\":\"" + each + "\"}")
            .toList());
  }

  private static String union(String list, List<String> values) {
    return "." + list + " |= (. + [" + String.join(",", values) + "] | unique)";
  }
}
