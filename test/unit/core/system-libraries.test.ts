import { describe, expect, test } from 'vitest';

import { findMissingLibrary, libraryAdvice } from '../../../src/core/system-libraries.ts';

describe('a library that a build does not find', () => {
  test.each([
    ['psycopg2', 'Error: pg_config executable not found.', 'PostgreSQL client', 'libpq-dev'],
    [
      'mysqlclient',
      'Package mysqlclient was not found in the pkg-config search path.',
      'MySQL client',
      'default-libmysqlclient-dev pkg-config',
    ],
    [
      'python-ldap',
      'Modules/common.h:15:10: fatal error: lber.h: No such file or directory',
      'LDAP',
      'libldap-dev libsasl2-dev',
    ],
    [
      'pycairo',
      '../meson.build:31:12: ERROR: Dependency "cairo" not found, tried pkgconfig and cmake',
      'cairo',
      'libcairo2-dev pkg-config',
    ],
    ['xmlsec', "Package 'xmlsec1', required by 'virtual:world', not found", 'xmlsec', 'libxmlsec1-dev pkg-config'],
    [
      'GDAL',
      "gdal_config_error: [Errno 2] No such file or directory: 'gdal-config'\n/bin/sh: 1: gdal-config: not found",
      'GDAL',
      'libgdal-dev',
    ],
    ['Pillow', 'The headers or library files could not be found for jpeg,', 'JPEG', 'libjpeg-dev'],
    ['cffi', 'src/c/_cffi_backend.c:15:10: fatal error: ffi.h: No such file or directory', 'libffi', 'libffi-dev'],
    ['a linker', '/usr/bin/ld: cannot find -lldap_r: No such file or directory', 'LDAP', 'libldap-dev libsasl2-dev'],
    ['Clang', "fatal error: 'openssl/ssl.h' file not found", 'OpenSSL', 'libssl-dev pkg-config'],
  ])('is named with the packages of Debian, as %s reports it', (_package, output, name, packages) => {
    expect(findMissingLibrary(output, 'build')).toMatchObject({ name, packages: packages.split(' ') });
  });

  test('is named by its header if devsetup does not know it, with the command that finds its package', () => {
    const missing = findMissingLibrary('x.c:1:10: fatal error: rare/thing.h: No such file or directory', 'build');
    expect(missing).toEqual({ name: 'thing.h', sign: 'thing.h', packages: [] });
    expect(missing && libraryAdvice(missing, 'build')).toContain('`apt-file search thing.h`');
  });

  test('is not seen where none is missing', () => {
    expect(findMissingLibrary("error: command 'gcc' failed with exit code 1", 'build')).toBeUndefined();
  });
});

describe('a library that an import does not find', () => {
  test.each([
    ['Django', 'Could not find the GDAL library (tried "gdal", "GDAL"). Is GDAL installed?', 'GDAL', 'gdal-bin'],
    ['Django with GEOS', 'Could not find the GEOS library (tried "geos_c", "GEOS").', 'GEOS', 'libgeos-c1v5'],
    ['python-magic', 'failed to find libmagic.  Check your installation', 'libmagic', 'libmagic1'],
    ['psycopg', 'libpq library not found', 'PostgreSQL client', 'libpq5'],
    ['cairocffi', 'no library called "cairo-2" was found', 'cairo', 'libcairo2'],
    ['WeasyPrint', "cannot load library 'libgobject-2.0-0': libgobject-2.0-0: cannot open", 'GLib', 'libglib2.0-0'],
    ['OpenCV', 'libGL.so.1: cannot open shared object file: No such file or directory', 'OpenGL', 'libgl1'],
    ['Wand', 'MagickWand shared library not found.', 'ImageMagick', 'libmagickwand-dev'],
    ['pyzbar', 'Unable to find zbar shared library', 'ZBar', 'libzbar0'],
    ['python-ldap', 'libldap_r-2.4.so.2: cannot open shared object file', 'LDAP', 'libldap-dev'],
  ])('is named with the packages of Debian, as %s reports it', (_package, message, name, packages) => {
    const missing = findMissingLibrary(message, 'load');
    expect(missing).toMatchObject({ name, packages: packages.split(' ') });
    expect(missing && libraryAdvice(missing, 'build')).toContain(`\`sudo apt-get install ${packages}\``);
  });
});
