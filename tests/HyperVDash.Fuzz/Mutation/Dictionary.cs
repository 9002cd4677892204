namespace HyperVDash.Fuzz.Mutation;

/// <summary>Texts that have broken readers before.</summary>
internal static class Dictionary
{
    /// <summary>In the place of any value.</summary>
    public static IReadOnlyList<string> Values { get; } =
    [
        "", " ", "0", "-0", "-1", "1", "2147483647", "2147483648", "-2147483649", "4294967295", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "18446744073709551615", "18446744073709551616", "1e999", "-1e999", "1E-400", "NaN", "INF", "-INF", "1,5", "1 000", "0x10", "99999999999999999999999999999999999999999999",
        "true", "TRUE", "false", "null", "00000000-0000-0000-0000-000000000000", "{D99A57FE-9F2F-44EE-B15F-BF6C5D740D1C}", "16010101000000.000000-000", "16010101000000.000000+000",
        "99991231235959.999999+000", "00000000000000.000000+000", "20261124091500.******+***", "20261124091500.123456+999", "20261124091500.123456-840", "99999999235959.000000:000", "00000000000000.000000:000",
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "2026-11-24T09:15:00+14:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1601-01-01T00:00:00Z", "P1D", "PT1S", "-P99999999D", "P9999999999999Y", "PT",
        "\\\\HOST\\root\\virtualization\\v2:Msvm_ComputerSystem.Name=\"A\"", "root/cimv2:Win32_Service.Name='x'", "A.B=\"", ":::", "=", ".=@", "<INSTANCE CLASSNAME=\"A\"/>", "&lt;INSTANCE&gt;",
        "../../etc/passwd", "C:\\", "\\\\?\\GLOBALROOT\\", "%s%n", "\u202E\u2066", "\u0000", "\uFFFF", "\uFEFF", "😀", "ﷺ", "e\u0301\u0301\u0301\u0301", "ß", "İ", "ı", "\r\n", "\t", "]]>", "-->", "?>",
        "0x80041010", "2150858793", "0x80338029", "uuid:00000000-0000-0000-0000-000000000000",
    ];

    /// <summary>Between any two parts of XML.</summary>
    public static IReadOnlyList<string> Xml { get; } =
    [
        "<!-- -->", "<?pi x?>", "<![CDATA[]]>", "<![CDATA[x]]>", "<!DOCTYPE a [<!ENTITY b \"c\">]>", "&b;", "&amp;", "&#0;", "&#x1F;", "&#xD800;", "&#x10FFFF;", "&#99999999999;", "<a/>", "<a>", "</a>", "<a", ">", "/>", "<",
        "<x xmlns=\"\"/>", "<x xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"/>", " xmlns=\"urn:x\"", " xmlns:p=\"\"", " xsi:nil=\"true\"", " xsi:type=\"p:X_Type\"", " xml:lang=\"x\"", " a=\"1\" a=\"1\"",
        "<VALUE/>", "<PROPERTY NAME=\"Name\"><VALUE>A</VALUE></PROPERTY>", "<PROPERTY.ARRAY NAME=\"Name\"/>", "<INSTANCE CLASSNAME=\"A\">", "<?xml version=\"1.0\" encoding=\"utf-16\"?>", "<?xml version=\"1.1\"?>", "<?xml version=\"1.0\" encoding=\"shift_jis\"?>",
    ];

    /// <summary>Between any two parts of JSON.</summary>
    public static IReadOnlyList<string> Json { get; } =
    [
        "{", "}", "[", "]", ",", ":", "null", "true", "false", "\"", "\"\\uD800\"", "\"\\uDC00\\uD800\"", "\"\\u0000\"", "{}", "[]", "[[]]", "[null]", "{\"\":null}", "1e999", "-0", "0.1e-999", "1E400", "//x\n", "/**/",
        "\"format\":\"hyperv-capture/1\",", "\"format\":\"hyperv-capture/9\",", "\"host\":\"A\",", "\"instances\":[],", "\"error\":{},", "\"types\":{\"A\":\"reference\"},", "\"__CLASS\":\"A\",", "\"answers\":[],", "\"calls\":[],",
        "\"types\":{\"A\":\"real64[]\"},", "{\"A\":\"INF\",\"a\":\"NaN\"}", "\"code\":\"0xFFFFFFFFFF\",", "\"capturedAt\":\"9999-12-31T23:59:59-14:00\",",
    ];

    /// <summary>Parts of an object path.</summary>
    public static IReadOnlyList<string> Path { get; } =
        ["\\", "\\\\", "\"", "\\\"", "\\\\\\\"", "=", ",", ".", ":", "=@", "/", "'", "Name=\"x\"", ",Name=\"y\"", "name=1", "=\"\"", " = ", "Msvm_ComputerSystem", "root/virtualization:", "\\\\HOST\\root\\virtualization\\v2:", "[", "{", "\0", "é"];
}
