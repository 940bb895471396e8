package io.meshwork.access;

/**
 * Grants all products and columns of a domain that carry some tags, now and later. The tag {@code
 * domain} names the domain; without it, the caller's own domain is used. The tag {@code domain}
 * alone is a grant on the whole domain. As in Lake Formation, two grants are created for each
 * grantee: DESCRIBE on the database of the domain, and the permissions on its tables. The plan
 * lists what is not included because it lacks a tag.
 */
public interface GrantByTags extends GrantOperation<GrantByTags> {}
