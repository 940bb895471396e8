package io.meshwork.odcs;

import io.meshwork.odcs.internal.document.OdcsErrors;
import io.meshwork.odcs.internal.document.YamlNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** The versions of ODCS that are written. */
enum OdcsVersion {
  V3_1_0(OdcsValidator.PREVIOUS),
  V3_2_0(OdcsValidator.NEWEST);

  private final String text;

  OdcsVersion(String text) {
    this.text = text;
  }

  static OdcsVersion of(String version) {
    for (OdcsVersion each : values()) {
      if (each.text.equals(version) || each.text.equals("v" + version)) {
        return each;
      }
    }
    throw new OdcsErrors("the export")
        .invalidCall(
            "ODCS " + OdcsErrors.quoted(version) + " is not a version that is written",
            "Use 3.1.0 or 3.2.0.");
  }

  /**
   * Returns a document with the team as an object: as 3.2.0 if it is a document of 3.2.0 or needs
   * it, else as 3.1.0; unchanged if neither allows what it has.
   */
  static YamlNode usual(YamlNode root) {
    YamlNode raised = withTeam(root);
    for (OdcsVersion version : values()) {
      YamlNode written = raised.with("apiVersion", YamlNode.text(version.text));
      boolean lower = version == V3_1_0 && root.textOf("apiVersion").equals(V3_2_0.text);
      if (!lower && OdcsValidator.isValid(written, version.text)) {
        return written;
      }
    }
    return root;
  }

  /** Returns a document as this version. */
  YamlNode written(YamlNode root) {
    YamlNode raised = withTeam(root);
    YamlNode written =
        (this == V3_1_0 ? PreviousVersion.of(raised) : raised)
            .with("apiVersion", YamlNode.text(text));
    OdcsValidator.fault(written, text)
        .ifPresent(
            fault -> {
              throw new OdcsErrors("the export")
                  .invalid(
                      root.place(),
                      "",
                      "ODCS " + text + " does not allow " + fault,
                      this == V3_1_0
                          ? "Write it as 3.2.0, or change the document."
                          : "Change the document.");
            });
    return written;
  }

  private static YamlNode withTeam(YamlNode root) {
    YamlNode team = root.get("team");
    if (team == null || !team.isList()) {
      return root;
    }
    Map<String, YamlNode.Entry> members = new LinkedHashMap<>();
    members.put("members", new YamlNode.Entry(YamlNode.text("members"), team));
    return root.with("team", YamlNode.map(members, YamlNode.SourcePosition.NONE));
  }
}
