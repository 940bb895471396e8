package io.meshwork.aws;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.runtime.ArgumentChecks;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text that names a mesh on AWS: {@code aws:REGION/ACCOUNT/NAME?SETTING&SETTING}. */
final class AwsAddress {
  static final String SCHEME = "aws:";

  private static final Pattern FORM =
      Pattern.compile(SCHEME + "([^/?]+)/([^/?]+)/([^/?]+)(?:\\?(.+))?");

  private AwsAddress() {}

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
      case "lakeFormation" -> config.lakeFormation();
      case "hybridAccess" -> config.hybridAccess();
      case "schemaRegistry" -> config.schemaRegistry();
      case "dataQuality" -> config.dataQuality();
      case "cloudWatch" -> config.cloudWatch();
      default -> throw unknown(name);
    };
  }

  private static AwsConfig with(AwsConfig config, String name, String value) {
    return switch (name) {
      case "endpoint" -> config.endpoint(endpoint(value));
      case "lakeFormation" -> config.lakeFormation(value);
      case "encryptedBy" -> config.encryptionKey(value);
      case "externalId" -> config.externalId(value);
      case "cloudWatch" -> {
        if (!value.equals("products")) {
          throw refused(
              "has a value of cloudWatch other than products",
              "Write cloudWatch for metrics of domains, or cloudWatch=products.");
        }
        yield config.cloudWatchPerProduct();
      }
      case "openData" -> {
        List<String> parts = List.of(value.split(","));
        yield config.openData(parts.get(0), parts.subList(1, parts.size()).toArray(String[]::new));
      }
      default -> throw unknown(name);
    };
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
            + " openData=ORGANIZATION,DOMAIN, encryptedBy=KEY, and externalId=ID,"
            + " separated by &.");
  }

  private static InvalidRequestException refused(String fault, String fix) {
    return ArgumentChecks.refused("address", fault, fix);
  }
}
