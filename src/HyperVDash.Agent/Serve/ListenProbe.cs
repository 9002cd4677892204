using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace HyperVDash.Agent.Serve;

/// <summary>Tries an address before a server is built for it, which would log its failure and have to be stopped again.</summary>
public static class ListenProbe
{
    /// <summary>Somebody else took the address after it was tried. It is told in a sentence, so its stack belongs in no log.</summary>
    public static bool IsTaken(Exception? failed) => failed is IOException { InnerException: AddressInUseException };

    /// <summary>Why nothing can listen there, without a full stop; null: it can, or only the attempt to listen itself will tell.</summary>
    public static string? WhyTaken(IPAddress address, int port)
    {
        try
        {
            using var probe = new TcpListener(address, port);
            probe.Start();
            return null;
        }
        catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied
            || (taken.SocketErrorCode == SocketError.AddressNotAvailable && !address.Equals(IPAddress.IPv6Any)))
        {
            return taken.Message;
        }
        catch (SocketException)
        {
            // No IPv6, for one.
            return null;
        }
    }
}
