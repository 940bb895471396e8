package io.meshwork.aws;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.product.Principal;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The text that names a mesh on AWS: {@code aws:REGION/ACCOUNT/NAME?SETTING&SETTING}. */
final class AwsAddress {
  static final String SCHEME = "aws:";
  static final String ENDPOINT = "endpoint";
  static final String LAKE_FORMATION = "lakeFormation";
  static final String HYBRID_ACCESS = "hybridAccess";
  static final String SCHEMA_REGISTRY = "schemaRegistry";
  static final String DATA_QUALITY = "dataQuality";
  static final String CLOUD_WATCH = "cloudWatch";
  static final String OPEN_DATA = "openData";
  static final String ENCRYPTED_BY = "encryptedBy";
  static final String EXTERNAL_ID = "externalId";
  static final String ROLES = "roles";

  /** The value of {@link #CLOUD_WATCH} for metrics of each product. */
  static final String OF_PRODUCTS = "products";

  private static final Pattern FORM =
      Pattern.compile(SCHEME + "([^/?]+)/([^/?]+)/([^/?]+)(?:\\?(.+))?");

  private static final Pattern ROLE =
      Pattern.compile("arn:[a-z-]+:iam::(?<account>[0-9]{12}):role/(?:[^,/]+/)*(?<name>[^/]+)");

  private AwsAddress() {}

  /**
   * Returns an address.
   *
   * @param options values by the names of options; empty for an option without a value
   */
  static String of(String region, String account, String name, Map<String, String> options) {
    String settings =
        options.entrySet().stream()
            .map(
                option ->
                    option.getValue().isEmpty()
                        ? option.getKey()
                        : option.getKey() + "=" + option.getValue())
            .collect(Collectors.joining("&"));
    return SCHEME
        + String.join("/", region, account, name)
        + (settings.isEmpty() ? "" : "?" + settings);
  }

  static AwsConfig parse(String address) {
    Matcher parts = FORM.matcher(address);
    if (!parts.matches()) {
      throw refused(
          "is not aws:REGION/ACCOUNT/NAME",
          "Write it as aws:REGION/ACCOUNT/NAME, such as aws:eu-central-1/111111111111/sales.");
    }
    AwsConfig config = AwsConfig.inRegion(parts.group(1)).mesh(parts.group(2), parts.group(3));
    String settings = parts.group(4);
    Set<String> names = new HashSet<>();
    for (String setting : settings == null ? List.<String>of() : List.of(settings.split("&"))) {
      int equals = setting.indexOf('=');
      String name = equals < 0 ? setting : setting.substring(0, equals);
      if (!names.add(name)) {
        throw refused("has the option '" + name + "' twice", "Write it once.");
      }
      config = equals < 0 ? with(config, name) : with(config, name, setting.substring(equals + 1));
    }
    return config;
  }

  private static AwsConfig with(AwsConfig config, String name) {
    return switch (name) {
      case LAKE_FORMATION -> config.lakeFormation();
      case HYBRID_ACCESS -> config.hybridAccess();
      case SCHEMA_REGISTRY -> config.schemaRegistry();
      case DATA_QUALITY -> config.dataQuality();
      case CLOUD_WATCH -> config.cloudWatch();
      default -> throw unknown(name);
    };
  }

  private static AwsConfig with(AwsConfig config, String name, String value) {
    return switch (name) {
      case ENDPOINT -> config.endpoint(endpoint(value));
      case LAKE_FORMATION -> config.lakeFormation(value);
      case ENCRYPTED_BY -> config.encryptionKey(value);
      case EXTERNAL_ID -> config.externalId(value);
      case CLOUD_WATCH -> {
        if (!value.equals(OF_PRODUCTS)) {
          throw refused(
              "has a value of cloudWatch other than products",
              "Write cloudWatch for metrics of domains, or cloudWatch=products.");
        }
        yield config.cloudWatchPerProduct();
      }
      case OPEN_DATA -> {
        List<String> parts = List.of(value.split(","));
        yield config.openData(parts.get(0), parts.subList(1, parts.size()).toArray(String[]::new));
      }
      case ROLES -> {
        AwsConfig named = config;
        // The name of a role may have a comma.
        for (String arn : value.split(",(?=arn:)", -1)) {
          named = named.role(roleOf(arn), arn);
        }
        yield named;
      }
      default -> throw unknown(name);
    };
  }

  private static Principal roleOf(String arn) {
    Matcher role = ROLE.matcher(arn);
    if (!role.matches()) {
      throw refused(
          "has the option roles with '" + arn + "', which is not the ARN of a role",
          "Write the ARNs that IAM shows, with commas, such as roles=arn:aws:iam::444444444444:"
              + "role/people/analyst.");
    }
    return Principal.of(role.group("account"), role.group("name"));
  }

  private static URI endpoint(String value) {
    try {
      return new URI(value);
    } catch (URISyntaxException e) {
      throw refused(
          "has an endpoint that is not a URI", "Use a URI such as http://127.0.0.1:5000.");
    }
  }

  private static InvalidRequestException unknown(String name) {
    return refused(
        "names a mesh on AWS, which has no option '" + name + "'",
        "Options are endpoint=URI, lakeFormation, lakeFormation=ORGANIZATION, hybridAccess,"
            + " schemaRegistry, dataQuality, cloudWatch, cloudWatch=products,"
            + " openData=ORGANIZATION,DOMAIN, encryptedBy=KEY, externalId=ID, and"
            + " roles=ARN,ARN, separated by &.");
  }

  private static InvalidRequestException refused(String fault, String fix) {
    return ArgumentChecks.refused("address", fault, fix);
  }
}
