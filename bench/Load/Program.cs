using Capacitor.Load;

// All sockets of this process are served by one thread that also runs what they lead to: no locks, no hops, and the second core for the server.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1");

return await Commands.Build().Parse(args).InvokeAsync();
