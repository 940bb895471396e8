package io.meshwork.portal.internal.text;

import java.util.regex.Pattern;

/**
 * A contact as its owner wrote it, with a link if it is an address of mail.
 *
 * @param text the contact
 * @param href the link; empty if the contact is not an address of mail
 */
public record ContactLink(String text, String href) {
  /** A plain address: what does not match is shown without a link. */
  private static final Pattern ADDRESS =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]*@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+");

  public static ContactLink of(String contact) {
    return new ContactLink(contact, ADDRESS.matcher(contact).matches() ? "mailto:" + contact : "");
  }

  public boolean isLinked() {
    return !href.isEmpty();
  }
}
