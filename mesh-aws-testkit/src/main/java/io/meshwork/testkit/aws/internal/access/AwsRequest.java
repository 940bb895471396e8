package io.meshwork.testkit.aws.internal.access;

import com.sun.net.httpserver.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A signed request to a service.
 *
 * @param method the HTTP method
 * @param path the path as sent, percent-encoded
 * @param query the decoded parameters of the query; a parameter without value is empty
 * @param headers the HTTP headers
 * @param scope who signed it for which service
 * @param body the whole body, as sent
 */
public record AwsRequest(
    String method,
    String path,
    Map<String, String> query,
    Headers headers,
    Scope scope,
    AwsRequestBody body) {
  /** The header of requests that a service sends for its caller. */
  public static final String OF_SERVICE = "X-Emulated-Service";

  private static final Pattern CREDENTIAL =
      Pattern.compile("Credential=([^/,\\s]+)/(\\d{8})/([^/]+)/([^/]+)/aws4_request");

  /** Operations of RAM by the last segment of their path. */
  private static final Map<String, String> RAM_OPERATIONS =
      Map.ofEntries(
          Map.entry("getresourceshares", "GetResourceShares"),
          Map.entry("getresourceshareinvitations", "GetResourceShareInvitations"),
          Map.entry("acceptresourceshareinvitation", "AcceptResourceShareInvitation"),
          Map.entry("rejectresourceshareinvitation", "RejectResourceShareInvitation"),
          Map.entry("getresourceshareassociations", "GetResourceShareAssociations"),
          Map.entry("listpendinginvitationresources", "ListPendingInvitationResources"),
          Map.entry("listresources", "ListResources"),
          Map.entry("listprincipals", "ListPrincipals"),
          Map.entry("createresourceshare", "CreateResourceShare"),
          Map.entry("updateresourceshare", "UpdateResourceShare"),
          Map.entry("deleteresourceshare", "DeleteResourceShare"),
          Map.entry("associateresourceshare", "AssociateResourceShare"),
          Map.entry("disassociateresourceshare", "DisassociateResourceShare"),
          Map.entry("enablesharingwithawsorganization", "EnableSharingWithAwsOrganization"));

  /**
   * The credential scope of Signature Version 4.
   *
   * @param accessKey the access key ID
   * @param region the region
   * @param service the signing name of the service, such as {@code s3}
   */
  public record Scope(String accessKey, String region, String service) {}

  /** Returns the scope that a request is signed for; null if it is not signed. */
  public static @Nullable Scope scope(Headers headers, Map<String, String> query) {
    String text = headers.getFirst("Authorization");
    if (text == null && query.containsKey("X-Amz-Credential")) {
      text = "Credential=" + query.get("X-Amz-Credential");
    }
    Matcher credential = CREDENTIAL.matcher(text == null ? "" : text);
    return credential.find()
        ? new Scope(credential.group(1), credential.group(3), credential.group(4))
        : null;
  }

  public static Map<String, String> query(URI uri) {
    return parameters(uri.getRawQuery());
  }

  /** Returns the name of the operation in the service's API, such as {@code PutObject}. */
  public String operation() throws IOException {
    if (scope.service().equals("s3")) {
      return S3Operation.of(this).name();
    }
    String target = headers.getFirst("X-Amz-Target");
    if (target != null) {
      return target.substring(target.lastIndexOf('.') + 1);
    }
    if (AwsProtocol.of(scope.service()) == AwsProtocol.QUERY) {
      String action = form().get("Action");
      return action == null ? "" : action;
    }
    String name = path.substring(path.lastIndexOf('/') + 1);
    return scope.service().equals("ram") ? RAM_OPERATIONS.getOrDefault(name, name) : name;
  }

  /** Returns the parameters of the body of a service that takes a form. */
  public Map<String, String> form() throws IOException {
    Map<String, String> parameters = new TreeMap<>(query);
    parameters.putAll(
        parameters("gzip".equals(header("Content-Encoding")) ? unzipped() : body.text()));
    return parameters;
  }

  private String unzipped() throws IOException {
    try (InputStream text = new GZIPInputStream(body.open())) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  public @Nullable String header(String name) {
    return headers.getFirst(name);
  }

  private static Map<String, String> parameters(@Nullable String text) {
    Map<String, String> parameters = new TreeMap<>();
    if (text == null || text.isEmpty()) {
      return parameters;
    }
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      parameters.put(
          decoded(equals < 0 ? pair : pair.substring(0, equals)),
          equals < 0 ? "" : decoded(pair.substring(equals + 1)));
    }
    return parameters;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
