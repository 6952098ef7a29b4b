/** A library that packages of Python and Node are built against or load, and that no package registry of theirs has. */
interface SystemLibrary {
  /** As its users call it. */
  readonly name: string;
  /** Debian's packages that a build needs. */
  readonly build: string;
  /** Debian's packages that are enough to load it. */
  readonly load: string;
  /** By what a failing build names it: headers, modules of pkg-config, programs that print its place, names behind `-l`. */
  readonly signs: string;
  /** `lib….so`, without `lib`, the numbers of an interface and what follows. */
  readonly objects?: string;
}

/**
 * Debian's index of contents (`apt-file search`, Debian 12) says which package holds which header, module of pkg-config and shared
 * object. The packages of GDAL are those that the documentation of Django names. A package with the number of a version in its name
 * is left out for one that every release of Debian and Ubuntu has.
 */
const LIBRARIES: readonly SystemLibrary[] = (
  [
    ['PostgreSQL client', 'libpq-dev', 'libpq5', 'libpq-fe.h pg_config.h libpq pg_config pq', 'pq'],
    [
      'MySQL client',
      'default-libmysqlclient-dev pkg-config',
      'default-libmysqlclient-dev',
      'mysql.h my_config.h mysqlclient mariadb libmariadb mysql_config mariadb_config',
      'mysqlclient mariadb',
    ],
    ['GDAL', 'libgdal-dev', 'gdal-bin', 'gdal.h cpl_conv.h cpl_port.h gdal gdal-config', 'gdal'],
    ['GEOS', 'libgeos-dev', 'libgeos-c1v5', 'geos_c.h geos geos_c geos-config', 'geos_c geos'],
    ['PROJ', 'libproj-dev proj-bin', 'libproj-dev', 'proj.h proj', 'proj'],
    ['SpatiaLite', 'libspatialite-dev', 'libsqlite3-mod-spatialite', 'spatialite.h spatialite', 'spatialite'],
    ['libmagic', 'libmagic-dev', 'libmagic1', 'magic.h libmagic magic', 'magic'],
    ['cairo', 'libcairo2-dev pkg-config', 'libcairo2', 'cairo.h cairo', 'cairo'],
    [
      'Pango',
      'libpango1.0-dev',
      'libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0',
      'pangocairo.h pango.h pango pangocairo pangoft2',
      'pango pangoft2 pangocairo harfbuzz harfbuzz-subset',
    ],
    ['GLib', 'libglib2.0-dev', 'libglib2.0-0', 'glib.h glib-2.0', 'gobject gthread glib gio'],
    [
      'GObject introspection',
      'libgirepository1.0-dev',
      'libgirepository-1.0-1',
      'girepository.h gobject-introspection-1.0',
    ],
    ['LDAP', 'libldap-dev libsasl2-dev', 'libldap-dev', 'ldap.h lber.h ldap ldap_r lber', 'ldap ldap_r lber'],
    ['SASL', 'libsasl2-dev', 'libsasl2-2', 'sasl.h libsasl2 sasl2', 'sasl2'],
    [
      'xmlsec',
      'libxmlsec1-dev pkg-config',
      'libxmlsec1-openssl',
      'xmlsec.h xmlsec1 xmlsec1-openssl xmlsec1-config',
      'xmlsec1 xmlsec1-openssl',
    ],
    [
      'libxml2 and libxslt',
      'libxml2-dev libxslt1-dev',
      'libxml2 libxslt1.1',
      'xmlversion.h xmlreader.h xslt.h xsltconfig.h libxml-2.0 libxslt libexslt xml2-config xslt-config xml2 xslt',
      'xml2 xslt exslt',
    ],
    ['JPEG', 'libjpeg-dev', 'libjpeg-dev', 'jpeglib.h libjpeg jpeg', 'jpeg'],
    ['zlib', 'zlib1g-dev', 'zlib1g', 'zlib.h zlib z', 'z'],
    ['TIFF', 'libtiff-dev', 'libtiff-dev', 'tiffio.h libtiff-4 tiff', 'tiff'],
    ['WebP', 'libwebp-dev', 'libwebp-dev', 'libwebp webp', 'webp webpmux webpdemux'],
    ['FreeType', 'libfreetype-dev', 'libfreetype6', 'freetype.h ft2build.h freetype2 freetype', 'freetype'],
    ['libffi', 'libffi-dev', 'libffi-dev', 'ffi.h libffi ffi', 'ffi'],
    [
      'OpenSSL',
      'libssl-dev pkg-config',
      'libssl-dev',
      'ssl.h opensslv.h opensslconf.h openssl libssl ssl crypto',
      'ssl crypto',
    ],
    ['curl', 'libcurl4-openssl-dev libssl-dev', 'libcurl4', 'curl.h libcurl curl-config curl', 'curl'],
    ['ODBC', 'unixodbc-dev', 'unixodbc', 'sql.h sqlext.h odbc_config odbc', 'odbc'],
    [
      'Kerberos',
      'libkrb5-dev',
      'libgssapi-krb5-2',
      'gssapi.h gssapi_ext.h krb5.h krb5-gssapi krb5-config',
      'gssapi_krb5 krb5',
    ],
    ['librdkafka', 'librdkafka-dev', 'librdkafka1', 'rdkafka.h rdkafka', 'rdkafka'],
    [
      'memcached client',
      'libmemcached-dev zlib1g-dev',
      'libmemcached11',
      'memcached.h libmemcached memcached',
      'memcached',
    ],
    ['Snappy', 'libsnappy-dev', 'libsnappy1v5', 'snappy-c.h snappy.h snappy', 'snappy'],
    ['GMP', 'libgmp-dev', 'libgmp10', 'gmp.h gmp', 'gmp'],
    ['libsodium', 'libsodium-dev', 'libsodium23', 'sodium.h libsodium sodium', 'sodium'],
    ['ZeroMQ', 'libzmq3-dev', 'libzmq5', 'zmq.h libzmq zmq', 'zmq'],
    ['libyaml', 'libyaml-dev', 'libyaml-0-2', 'yaml.h yaml', 'yaml'],
    ['bzip2', 'libbz2-dev', 'libbz2-1.0', 'bzlib.h bz2', 'bz2'],
    ['LZMA', 'liblzma-dev', 'liblzma5', 'lzma.h liblzma lzma', 'lzma'],
    ['SQLite', 'libsqlite3-dev', 'libsqlite3-0', 'sqlite3.h sqlite3', 'sqlite3'],
    ['systemd', 'libsystemd-dev pkg-config', 'libsystemd0', 'sd-daemon.h sd-journal.h libsystemd systemd', 'systemd'],
    ['D-Bus', 'libdbus-1-dev pkg-config', 'libdbus-1-3', 'dbus.h dbus-1', 'dbus'],
    ['CUPS', 'libcups2-dev', 'libcups2', 'cups.h cups cups-config', 'cups'],
    ['PAM', 'libpam0g-dev', 'libpam0g', 'pam_appl.h pam', 'pam'],
    ['FreeTDS', 'freetds-dev', 'libsybdb5', 'sybdb.h sybdb', 'sybdb'],
    ['Graphviz', 'libgraphviz-dev graphviz pkg-config', 'graphviz', 'cgraph.h libcgraph cgraph', 'cgraph gvc'],
    ['RE2', 'libre2-dev', 'libre2-dev', 're2.h re2', 're2'],
    ['HDF5', 'libhdf5-dev', 'libhdf5-dev', 'hdf5.h hdf5', 'hdf5'],
    ['Poppler', 'libpoppler-cpp-dev pkg-config', 'libpoppler-cpp0v5', 'poppler-document.h poppler-cpp', 'poppler-cpp'],
    ['Enchant', 'libenchant-2-dev', 'libenchant-2-2', 'enchant.h enchant-2', 'enchant'],
    ['PortAudio', 'portaudio19-dev', 'libportaudio2', 'portaudio.h portaudio-2.0 portaudio', 'portaudio'],
    ['libsndfile', 'libsndfile1-dev', 'libsndfile1', 'sndfile.h sndfile', 'sndfile'],
    ['ImageMagick', 'libmagickwand-dev', 'libmagickwand-dev', 'MagickWand.h MagickWand', 'MagickWand'],
    ['ZBar', 'libzbar-dev', 'libzbar0', 'zbar.h zbar', 'zbar'],
    ['OpenGL', 'libgl1-mesa-dev', 'libgl1', 'gl.h gl GL', 'GL'],
    ['X11', 'libx11-dev libxext-dev', 'libsm6 libxext6 libxrender1', 'Xlib.h x11 X11', 'SM Xext Xrender X11'],
    ['Python', 'python3-dev', 'python3-dev', 'Python.h pyconfig.h'],
  ] satisfies readonly (readonly [string, string, string, string, string?])[]
).map(([name, build, load, signs, objects]) => ({ name, build, load, signs, ...(objects && { objects }) }));

/** What a build or an import says is missing. */
export interface MissingLibrary {
  /** `GDAL`; of a library that is not in the table, what names it: `foo.h`. */
  readonly name: string;
  /** As the output names it. */
  readonly sign: string;
  /** Debian's packages; empty: not in the table. */
  readonly packages: readonly string[];
}

/** How compilers, linkers, pkg-config, Meson and the scripts of packages name what they do not find. */
const BUILD_SIGNS: readonly RegExp[] = [
  /fatal error: ['"]?(?:[\w.+-]+\/)*([\w.+-]+\.h(?:pp)?)['"]?(?:: No such file| file not found)/g,
  /No package ['"]([\w.+-]+)['"] found/g,
  /Package ['"]?([\w.+-]+?)['"]?(?:,| was not found)/g,
  /(?:Dependency|dependency) ["']([\w.+-]+)["'] (?:is required but )?not found/g,
  /cannot find -l([\w.+-]+)/g,
  /\b(pg_config) executable not found/g,
  /(?<![\w.])([a-z0-9]+[-_]config)(?!\w)['"]?(?:: not found|: command not found| not found|.{0,40}No such file or directory)/g,
  /No such file or directory: ['"]([a-z0-9]+[-_]config)['"]/g,
  /Command ['"]([a-z0-9]+[-_]config) [^\n]*non-zero exit status/g,
  /pkg-config --exists ([\w.+-]+)/g,
  /headers or library files could not be found for (\w+)/g,
  /(?:The )?required dependency ["']?(\w+)["']?/gi,
];

/** How the dynamic linker, cffi, ctypes and packages themselves name what they do not load. */
const LOAD_SIGNS: readonly RegExp[] = [
  /\blib([\w+.-]+?)\.so(?:\.[\d.]+)*: cannot open shared object file/g,
  /cannot load library ['"](?:lib)?([\w+.-]+?)(?:\.so[\d.]*)?['"]/g,
  /no library called ["']([\w+.-]+)["'] was found/g,
  /Could not find the (\w+) library \(tried/g,
  /\blib(\w+) library not found/g,
  /failed to find lib(\w+)/g,
  /Unable to find (\w+) shared library/g,
  /\b(\w+) shared library not found/g,
  /Unable to load the (\w+) library extension/g,
  /The ['"](\w+)['"] C library was not found/g,
];

/** What the output of a build (`build`) or the message of an import error (`load`) says is not installed. */
export const findMissingLibrary = (text: string, use: 'build' | 'load'): MissingLibrary | undefined => {
  const found = (use === 'build' ? BUILD_SIGNS : LOAD_SIGNS).flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, sign = '']) => sign),
  );
  const [first] = found;
  if (first === undefined) return undefined;
  const known = found.flatMap((sign) => knownLibrary(sign, use) ?? [])[0];
  return known ?? { name: first, sign: first, packages: [] };
};

const knownLibrary = (sign: string, use: 'build' | 'load'): MissingLibrary | undefined => {
  const of = ({ name, signs, objects }: SystemLibrary): readonly string[] =>
    use === 'build' ? signs.split(' ') : [...(objects ?? '').split(' '), name];
  // `pango-1.0-0`, `enchant-2`: the number of an interface, which differs between releases.
  const wanted = (use === 'build' ? sign : sign.replace(/-\d.*$/, '')).toLowerCase();
  const library = LIBRARIES.find((each) => of(each).some((known) => known.toLowerCase() === wanted));
  return library && { name: library.name, sign, packages: library[use].split(' ') };
};

/** The next thing to type. */
export const libraryAdvice = ({ sign, packages }: MissingLibrary, use: 'build' | 'load'): string =>
  packages.length > 0
    ? `Install ${use === 'build' ? 'them' : 'it'}: \`sudo apt-get install ${packages.join(' ')}\` on Debian and Ubuntu; for a dev container, add it to the Dockerfile.`
    : `Install the package of your system that has it (Debian and Ubuntu: \`apt-file search ${sign}\` names it); for a dev container, add it to the Dockerfile.`;
