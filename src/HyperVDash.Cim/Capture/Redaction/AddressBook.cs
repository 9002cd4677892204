using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace HyperVDash.Cim.Capture.Redaction;

/// <summary>
/// IP and MAC addresses, each with another one in its place. What was in one network stays in one, private stays private, a MAC stays on the same side of every
/// other one of its maker, so that it stays in its range; the last byte of both is kept.
/// </summary>
internal sealed class AddressBook
{
    private readonly SortedSet<ulong> _macs = [];
    private readonly SortedSet<uint> _networks = [];
    private readonly SortedSet<ulong> _prefixes = [];
    private readonly SortedSet<ulong> _interfaces = [];
    private readonly Dictionary<uint, uint> _newNetworks = [];
    private readonly Dictionary<ulong, ulong> _newMacs = [];
    private Dictionary<ulong, ulong> _newPrefixes = [];
    private Dictionary<ulong, ulong> _newInterfaces = [];

    public int MacCount => _macs.Count;

    public int IpCount => _networks.Count + _prefixes.Count;

    public string Example(bool isMac) => isMac ? _macs.Count > 0 ? Mac(_macs.Min.ToString("X12", CultureInfo.InvariantCulture)) ?? "" : "" : _networks.Count > 0 ? new IPAddress(Bytes(_newNetworks[_networks.Min] << 8)) + "/24" : "";

    public void NoteMac(string text)
    {
        if (Parse(text) is { } mac && !IsNobody(mac))
        {
            _macs.Add(mac);
            if (OfCluster(mac) is { } ip)
            {
                NoteIp(ip);
            }
        }
    }

    public void NoteIp(IPAddress ip)
    {
        if (ip.IsIPv4MappedToIPv6 || ip.AddressFamily == AddressFamily.InterNetwork)
        {
            if (!IsKept(Number(ip)))
            {
                _networks.Add(Number(ip) >> 8);
            }
        }
        else if (!IsKept(ip))
        {
            var (prefix, id) = Halves(ip);
            _prefixes.Add(prefix);
            _interfaces.Add(id);
        }
    }

    /// <summary>Gives out the new addresses; nothing is noted after.</summary>
    public void Close()
    {
        CloseNetworks();
        _newPrefixes = Ranked(_prefixes, 0xFD00_0000_0000_0000);
        _newInterfaces = Ranked(_interfaces, 0xAAAA_0000_0000_0000);
        ulong makers = 0;
        foreach (var maker in _macs.GroupBy(m => m >> 24).ToList())
        {
            // Microsoft's own says nothing of whose it is; of others only the two bits that say what kind it is stay.
            ulong first = maker.Key >> 16;
            ulong newMaker = maker.Key is 0x00155D or 0x0003FF ? maker.Key : (((first & 3) | 0xA4) << 16) | ++makers;
            var middles = maker.Select(m => (m >> 8) & 0xFFFF).Distinct().ToList();
            ulong step = Math.Max(1, 0xFE00 / (ulong)(middles.Count + 1));
            ulong next = step;
            foreach (ulong middle in middles)
            {
                while (newMaker == maker.Key && middles.Contains(next) && next < 0xFFFF)
                {
                    next++;
                }

                _newMacs[(maker.Key << 16) | middle] = (newMaker << 16) | Math.Min(next, 0xFFFF);
                next += step;
            }
        }
    }

    /// <summary>Null if the text is no MAC address.</summary>
    public string? Mac(string text)
    {
        if (Parse(text) is not { } mac)
        {
            return null;
        }

        ulong now = IsNobody(mac) ? mac
            : OfCluster(mac) is { } ip ? (mac & 0xFFFF_0000_0000) | Number(Ip(ip))
            : _newMacs.TryGetValue(mac >> 8, out ulong moved) ? (moved << 8) | (mac & 0xFF) : 0;
        string digits = now.ToString("X12", CultureInfo.InvariantCulture);
        char? separator = text.FirstOrDefault(c => c is ':' or '-' or '.') is var s && s != 0 ? s : null;
        string written = separator is null ? digits : string.Join(separator.Value, digits.Chunk(2).Select(c => new string(c)));
        return text.Any(char.IsAsciiLetterLower) ? written.ToLowerInvariant() : written;
    }

    /// <summary>True for twelve hexadecimal digits that were noted as a MAC address.</summary>
    public bool Knows(string digits) => Parse(digits) is { } mac && _macs.Contains(mac);

    public IPAddress Ip(IPAddress ip)
    {
        if (ip.IsIPv4MappedToIPv6 || ip.AddressFamily == AddressFamily.InterNetwork)
        {
            uint number = Number(ip);
            var moved = IsKept(number) ? ip : new IPAddress(Bytes((_newNetworks.GetValueOrDefault(number >> 8, 0xC61200u) << 8) | (number & 0xFF)));
            return ip.IsIPv4MappedToIPv6 && !IsKept(number) ? moved.MapToIPv6() : moved;
        }

        if (IsKept(ip))
        {
            return ip;
        }

        var (prefix, id) = Halves(ip);
        byte[] bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, prefix >> 54 == 0xFE80 >> 6 ? prefix : _newPrefixes.GetValueOrDefault(prefix, 0xFD00_0000_0000_0000));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), _newInterfaces.GetValueOrDefault(id, 0xAAAA_0000_0000_0000));
        return ip.IsIPv6LinkLocal ? new IPAddress(bytes, ip.ScopeId) : new IPAddress(bytes);
    }

    private void CloseNetworks()
    {
        // 10/8 and 172.16/12: second byte, then third; so that a network of sixteen bits stays one too.
        foreach (var wide in _networks.GroupBy(n => n >> 8).ToList())
        {
            uint first = wide.Key >> 8, second = wide.Key & 0xFF;
            if (first == 10 || (first == 172 && second is >= 16 and < 32))
            {
                var seconds = _networks.Where(n => n >> 16 == first).Select(n => (n >> 8) & 0xFF).Where(b => first == 10 || b is >= 16 and < 32).ToHashSet();
                List<uint> free = [.. Enumerable.Range(first == 10 ? 0 : 16, first == 10 ? 256 : 16).Select(b => (uint)b).Where(b => !seconds.Contains(b))];
                int rank = seconds.Order().ToList().IndexOf(second);
                uint newSecond = free.Count > rank ? free[rank] : second;
                uint third = 0;
                foreach (uint network in wide)
                {
                    _newNetworks[network] = (first << 16) | (newSecond << 8) | ((network & 0xFF) == 0 ? 0 : Math.Min(255, ++third));
                }
            }
        }

        Spread([.. _networks.Where(n => n >> 8 == 0xC0A8)], 0xC0A800, 256);
        Spread([.. _networks.Where(n => !_newNetworks.ContainsKey(n) && n >> 8 != 0xC0A8)], 0xC61200, 512);
    }

    private void Spread(List<uint> networks, uint from, uint count)
    {
        List<uint> free = [.. Enumerable.Range(0, (int)count).Select(i => from + (uint)i).Where(n => !_networks.Contains(n))];
        for (int i = 0; i < networks.Count; i++)
        {
            _newNetworks[networks[i]] = free.Count > 0 ? free[i % free.Count] : from + (uint)(i % count);
        }
    }

    private static Dictionary<ulong, ulong> Ranked(SortedSet<ulong> values, ulong from)
    {
        var ranks = new Dictionary<ulong, ulong>();
        foreach (ulong value in values)
        {
            do
            {
                from++;
            }
            while (values.Contains(from));

            ranks[value] = from;
        }

        return ranks;
    }

    // Load balancing makes its address of that of the cluster.
    private static IPAddress? OfCluster(ulong mac) => mac >> 32 is 0x02BF or 0x03BF ? new IPAddress(Bytes((uint)mac)) : null;

    private static bool IsNobody(ulong mac) => mac is 0 or 0xFFFF_FFFF_FFFF;

    private static bool IsKept(uint ip) => ip >> 24 is 0 or 127 or >= 224 || ip >> 16 == 0xA9FE || IsMask(ip);

    private static bool IsMask(uint ip) => (~ip & (~ip + 1)) == 0;

    private static bool IsKept(IPAddress ip) => ip.IsIPv6Multicast || IPAddress.IsLoopback(ip) || ip.Equals(IPAddress.IPv6Any);

    private static (ulong Prefix, ulong Interface) Halves(IPAddress ip)
    {
        byte[] bytes = ip.GetAddressBytes();
        return (System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes), System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(8)));
    }

    private static uint Number(IPAddress ip) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian((ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip).GetAddressBytes());

    private static byte[] Bytes(uint number)
    {
        byte[] bytes = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    private static ulong? Parse(string text)
    {
        string digits = string.Concat(text.Where(c => c is not (':' or '-' or '.')));
        return digits.Length == 12 && text.Length is 12 or 14 or 17 && ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong mac) ? mac : null;
    }
}
