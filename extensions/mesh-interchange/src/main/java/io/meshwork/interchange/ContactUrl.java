package io.meshwork.interchange;

import java.net.URI;
import java.net.URISyntaxException;

/** Writes contacts, which are free text, as URLs. */
final class ContactUrl {
  private ContactUrl() {}

  /**
   * Returns a URL: the contact itself if it is one with a scheme, {@code mailto:} for an address of
   * mail, and otherwise {@code urn:contact:}.
   */
  static String of(String contact) {
    String text = contact.strip();
    try {
      if (new URI(text).isAbsolute()) {
        return text;
      }
    } catch (URISyntaxException notUri) {
      // A string, which is quoted below.
    }
    boolean isMail = text.indexOf('@') > 0 && text.indexOf(' ') < 0;
    return (isMail ? "mailto:" : "urn:contact:") + quoted(text);
  }

  private static String quoted(String text) {
    try {
      return new URI(null, null, "/" + text, null).toASCIIString().substring(1);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("A path can have any character", e);
    }
  }
}
